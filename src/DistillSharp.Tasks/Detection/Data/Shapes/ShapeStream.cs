namespace DistillSharp.Tasks.Detection.Data.Shapes;

/// <summary>What random numbers of a picture are for.</summary>
internal enum ShapeStream
{
    /// <summary>Which shapes lie where: all that labels hang on.</summary>
    Places,

    /// <summary>What lies behind the shapes.</summary>
    Ground,

    /// <summary>The shapes' colours and patterns.</summary>
    Fills,

    /// <summary>Blur and noise.</summary>
    Sensor,
}
