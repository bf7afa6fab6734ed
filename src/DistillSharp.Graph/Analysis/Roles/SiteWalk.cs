using DistillSharp.Graph.Format;

namespace DistillSharp.Graph.Analysis.Roles;

/// <summary>Walks a graph from its outputs and collects, for each fixed value, the places that give it a role. One place a role is kept, so that a long graph costs no more than its length.</summary>
internal sealed class SiteWalk
{
    private readonly ValueTrace _trace;
    private readonly Dictionary<string, List<RoleSite>> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<(GraphNode Node, int Index), List<RoleSite>> _inputs = [];
    private readonly HashSet<string> _feedsLayer = new(StringComparer.Ordinal);

    public SiteWalk(ModelGraph graph)
    {
        _trace = new(graph);
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            Visit(graph.Nodes[i]);
        }
    }

    /// <summary>The places that give a value its role.</summary>
    public IReadOnlyList<RoleSite> Of(string value) => _values.TryGetValue(value, out var sites) ? sites : [];

    /// <summary>The places that give a value its role by way of one node's input.</summary>
    public IReadOnlyList<RoleSite> At(GraphNode node, int index) => _inputs.TryGetValue((node, index), out var sites) ? sites : [];

    private void Visit(GraphNode node)
    {
        var behind = node.Outputs.Where(name => name.Length > 0).SelectMany(Of).ToList();
        bool leads = node.Outputs.Any(_feedsLayer.Contains), layer = RoleSlots.IsLayer(node, _trace);
        bool fed = node.Outputs.Any(name => name.Length > 0 && _trace[name].Fed);
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            string name = node.Inputs[i];
            if (name.Length == 0)
            {
                continue;
            }

            if (_trace[name].Fed)
            {
                if (leads || layer)
                {
                    _feedsLayer.Add(name);
                }

                continue;
            }

            foreach (var site in Sites(node, i, fed, leads, behind))
            {
                Keep(_inputs.TryGetValue((node, i), out var here) ? here : _inputs[(node, i)] = [], site);
                Keep(_values.TryGetValue(name, out var all) ? all : _values[name] = [], site);
            }
        }

        foreach (string name in Subgraphs.Captured(node))
        {
            Keep(_values.TryGetValue(name, out var all) ? all : _values[name] = [], Formula(node));
        }
    }

    private IEnumerable<RoleSite> Sites(GraphNode node, int index, bool fed, bool leads, List<RoleSite> behind)
    {
        if (RoleSlots.Of(node, index) is { } role && (node.Operation != "Gather" || fed))
        {
            return [new(role, node, SiteKind.Slot)];
        }

        if (!fed)
        {
            return ValueTrace.HandsOn(node) && index == 0 ? behind
                : node is { Domain: "", Operation: "Concat" } ? behind
                : ValueTrace.IsAffine(node) || node is { Domain: "", Operation: "Neg" } ? behind.Select(site => site with { Computed = true })
                : [new(node.Operation == "Sqrt" ? ParameterRole.Statistic : ParameterRole.Constant, node, SiteKind.Glance) { Constant = $"reaches the network only through {node}" }];
        }

        return [ValueTrace.IsAffine(node) ? Affine(node, index, leads) : node is { Domain: "", Operation: "Concat" } ? Join(node, leads) : Formula(node)];
    }

    private RoleSite Affine(GraphNode node, int index, bool leads)
    {
        var with = node.Inputs.Where(name => name.Length > 0).Select(name => _trace[name]).FirstOrDefault(facts => facts.Fed, ValueFacts.Fixed);
        bool adds = node.Operation is "Add" or "Sub" or "Sum", normed = with.Behind == ValueFacts.Origin.Norm;
        var readers = _trace.Readers(node.Outputs[0]);
        var site = new RoleSite(adds ? ParameterRole.Bias : ParameterRole.Scale, node, SiteKind.Affine)
        {
            Vector = leads || with.Behind != ValueFacts.Origin.Other,
            Grid = normed || (adds && leads),
            Normed = normed,
            Single = adds && with is { Behind: ValueFacts.Origin.Product, Features: 1 },
        };
        return node.Operation == "Div" && index == 0 ? site with { Constant = $"is the dividend of {node}" }
            : !with.Weighted ? site with { Constant = $"meets only the input, in {node}: preprocessing" }
            : adds && readers.Count > 0 && readers.All(reader => reader is { Domain: "", Operation: "Sqrt" or "Log" or "Reciprocal" or "Pow" }) ? site with { Constant = $"keeps {readers[0]} away from zero" }
            : node.Operation == "Sub" && index == 1 && readers.Count > 0 && readers.All(DividesByRoot) ? site with { Role = ParameterRole.Statistic, Constant = $"is the mean that a norm subtracts in {node}" }
            : site;
    }

    private RoleSite Join(GraphNode node, bool leads)
    {
        var site = new RoleSite(ParameterRole.Embedding, node, SiteKind.Join) { Vector = leads, Grid = leads };
        return node.Inputs.Any(name => name.Length > 0 && _trace[name].Weighted) ? site : site with { Constant = $"is joined to the input alone, in {node}" };
    }

    private static RoleSite Formula(GraphNode node) => new(ParameterRole.Constant, node, SiteKind.Formula) { Constant = $"is part of the formula of {node}" };

    private bool DividesByRoot(GraphNode node) => node is { Domain: "", Operation: "Div" or "Mul" } && node.Inputs.Any(name => name.Length > 0 && _trace[name] is { Fed: false, Rooted: true });

    private static void Keep(List<RoleSite> sites, RoleSite site)
    {
        int at = sites.FindIndex(other => other.Role == site.Role && other.Kind == site.Kind && other.Constant is null == site.Constant is null && other.Computed == site.Computed);
        if (at < 0)
        {
            sites.Add(site);
        }
        else if (site.Constant is null)
        {
            sites[at] = sites[at] with { Vector = sites[at].Vector || site.Vector, Grid = sites[at].Grid || site.Grid, Normed = sites[at].Normed || site.Normed, Single = sites[at].Single || site.Single };
        }
    }
}
