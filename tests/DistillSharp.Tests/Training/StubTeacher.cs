using DistillSharp.Execution;
using DistillSharp.Tasks.Data;
using DistillSharp.Teachers;
using static TorchSharp.torch;

namespace DistillSharp.Tests.Training;

/// <summary>A teacher that answers what it is told to.</summary>
internal sealed class StubTeacher(Func<Batch, Tensor> answer, int classes) : Teacher
{
    public StubTeacher(Func<Tensor> answer, int classes)
        : this(_ => answer(), classes)
    {
    }

    public override string LogitsName => "logits";

    public override int ClassCount => classes;

    public override NamedTensors Teach(Batch batch) => new(new() { [LogitsName] = answer(batch) });
}
