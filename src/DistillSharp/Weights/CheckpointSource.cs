namespace DistillSharp.Weights;

/// <summary>Where in a checkpoint the weights were.</summary>
public enum CheckpointSource
{
    /// <summary>The averaged model under <c>ema</c>: what is used wherever it is there.</summary>
    Average,

    /// <summary>The model, or its state dict, under <c>model</c>.</summary>
    Model,

    /// <summary>A state dict under <c>state_dict</c>, <c>model_state_dict</c> or <c>net</c>.</summary>
    StateDict,

    /// <summary>The file holds a state dict or a model, and nothing around it.</summary>
    Whole,

    /// <summary>A safetensors file.</summary>
    Safetensors,
}
