namespace DistillSharp.Runtime.Detection;

/// <summary>What the four numbers of a detector's box mean.</summary>
public enum BoxFormat
{
    /// <summary>Told by a sample: centres where, read as corners, a twentieth of the surest boxes end before they begin; corners otherwise. The single outputs of YOLO have their known order.</summary>
    Auto,

    /// <summary>Corners: left, top, right, bottom.</summary>
    Xyxy,

    /// <summary>A corner and an extent: left, top, width, height. Never told by a sample.</summary>
    Xywh,

    /// <summary>A centre and an extent: centre x, centre y, width, height.</summary>
    Cxcywh,
}
