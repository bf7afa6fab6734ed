using System.Text.Json;
using DistillSharp.Tasks.Data;

namespace DistillSharp.Tasks.Detection.Data;

/// <summary>Goes through the JSON of a COCO file once, without building a tree of it: what it keeps is less than the file.</summary>
internal ref struct CocoReader
{
    private readonly string _path;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly CocoContent _content = new();
    private Utf8JsonReader _json;
    private long _counted;
    private int _line = 1;

    private CocoReader(string path, ReadOnlySpan<byte> bytes)
    {
        _path = path;
        _bytes = bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        _json = new(_bytes, new JsonReaderOptions { MaxDepth = 32 });
    }

    public static CocoContent Read(string path, ReadOnlySpan<byte> bytes)
    {
        var reader = new CocoReader(path, bytes);
        reader.Root();
        return reader._content;
    }

    private void Root()
    {
        Expect(_json.Read() && _json.TokenType == JsonTokenType.StartObject, "a COCO file is one object");
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("images"))
            {
                List(static (ref CocoReader reader) => reader.Image());
            }
            else if (_json.ValueTextEquals("annotations"))
            {
                List(static (ref CocoReader reader) => reader.Annotation());
            }
            else if (_json.ValueTextEquals("categories"))
            {
                List(static (ref CocoReader reader) => reader.Category());
            }
            else
            {
                _json.Skip();
            }
        }
    }

    private delegate void ItemReader(ref CocoReader reader);

    private void List(ItemReader read)
    {
        Expect(_json.Read() && _json.TokenType == JsonTokenType.StartArray, "'images', 'annotations' and 'categories' are lists");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            Expect(_json.TokenType == JsonTokenType.StartObject, "a list of objects");
            read(ref this);
        }
    }

    private void Image()
    {
        long? id = null;
        string? name = null;
        int width = 0, height = 0;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("id"))
            {
                id = Whole("id");
            }
            else if (_json.ValueTextEquals("file_name"))
            {
                name = Text("file_name");
            }
            else if (_json.ValueTextEquals("width"))
            {
                width = (int)Math.Clamp(Number("width"), 0, int.MaxValue);
            }
            else if (_json.ValueTextEquals("height"))
            {
                height = (int)Math.Clamp(Number("height"), 0, int.MaxValue);
            }
            else
            {
                _json.Skip();
            }
        }

        Expect(id is not null && !string.IsNullOrEmpty(name), "an image has 'id' and 'file_name'");
        string[] parts = name!.Split('/', '\\');
        Expect(!Path.IsPathRooted(name) && !parts.Contains("..") && !name.Contains('\0', StringComparison.Ordinal), $"the file_name '{name}' leads out of the pictures' folder");
        _content.Images.Add((id!.Value, new(string.Join(Path.DirectorySeparatorChar, parts.Where(part => part is not ("" or "."))), width, height)));
    }

    private void Category()
    {
        long? id = null;
        string? name = null;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("id"))
            {
                id = Whole("id");
            }
            else if (_json.ValueTextEquals("name"))
            {
                name = Text("name");
            }
            else
            {
                _json.Skip();
            }
        }

        Expect(id is not null && name is not null, "a category has 'id' and 'name'");
        _content.Categories.Add((id!.Value, name!));
    }

    private void Annotation()
    {
        long? image = null, category = null;
        bool crowd = false;
        Span<float> box = stackalloc float[4];
        int corners = 0, line = Line();
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("image_id"))
            {
                image = Whole("image_id");
            }
            else if (_json.ValueTextEquals("category_id"))
            {
                category = Whole("category_id");
            }
            else if (_json.ValueTextEquals("iscrowd"))
            {
                _json.Read();
                crowd = _json.TokenType == JsonTokenType.True || (_json.TokenType == JsonTokenType.Number && _json.GetDouble() != 0);
            }
            else if (_json.ValueTextEquals("bbox"))
            {
                Expect(_json.Read() && _json.TokenType == JsonTokenType.StartArray, "'bbox' is [x, y, width, height]");
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    Expect(corners < 4 && _json.TokenType == JsonTokenType.Number, "'bbox' is [x, y, width, height]");
                    box[corners++] = (float)_json.GetDouble();
                }
            }
            else
            {
                _json.Skip();
            }
        }

        Expect(image is not null && category is not null, "an annotation has 'image_id', 'category_id' and 'bbox'");
        if (crowd)
        {
            _content.Crowds++;
        }
        else if (corners != 4)
        {
            _content.WithoutBox++;
        }
        else
        {
            _content.Annotations.Add(new(image!.Value, category!.Value, new(box[0], box[1], box[0] + box[2], box[1] + box[3]), line));
        }
    }

    private long Whole(string key)
    {
        Expect(_json.Read() && _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out _), $"'{key}' is a whole number");
        return _json.GetInt64();
    }

    private double Number(string key)
    {
        Expect(_json.Read() && _json.TokenType == JsonTokenType.Number, $"'{key}' is a number");
        return _json.GetDouble();
    }

    private string Text(string key)
    {
        Expect(_json.Read() && _json.TokenType == JsonTokenType.String, $"'{key}' is text");
        return _json.GetString()!;
    }

    private void Expect(bool holds, string what)
    {
        if (!holds)
        {
            throw new DataException($"{_path}, line {Line()}: {what}.");
        }
    }

    /// <summary>The line of the token read last; lines are counted on from the last time.</summary>
    private int Line()
    {
        _line += _bytes[(int)_counted..(int)_json.TokenStartIndex].Count((byte)'\n');
        _counted = _json.TokenStartIndex;
        return _line;
    }
}

/// <summary>What was read of a COCO file, not yet put together.</summary>
internal sealed class CocoContent
{
    public List<(long Id, CocoPicture Picture)> Images { get; } = [];

    public List<(long Id, string Name)> Categories { get; } = [];

    public List<CocoAnnotation> Annotations { get; } = [];

    public int Crowds { get; set; }

    public int WithoutBox { get; set; }
}

/// <summary>A box of a COCO file.</summary>
/// <param name="ImageId">Its picture.</param>
/// <param name="CategoryId">Its category.</param>
/// <param name="Box">The box, in pixels.</param>
/// <param name="Line">Where it stands.</param>
internal readonly record struct CocoAnnotation(long ImageId, long CategoryId, BoundingBox Box, int Line);
