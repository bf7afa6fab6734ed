namespace DistillSharp.Cli.Tests.Views;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class HandClock : TimeProvider
{
    public long Seconds { get; set; } = 1000;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => Seconds;
}
