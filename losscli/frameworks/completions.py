"""What may be written for a loss: names, parameters and values, for a shell to complete."""

from losscli.frameworks.lookup import DEFAULT, dialect_of
from losscli.frameworks.parameters import axes_of
from losscli.losses.parameters import Parameter, spell
from losscli.losses.registry import by_name, find

# What a shell completes of a loss: its summary, and its parameters with values and a description.
Completions = dict[str, tuple[str, dict[str, tuple[tuple[str, ...], str]]]]


def completions(dialect: str) -> Completions:
    """The names that a dialect's losses may have, with what may follow them."""
    table = dialect_of(dialect)
    found: Completions = {}
    for row in table.rows:
        spec = find(row.loss)
        theirs = {ours: key for key, ours in row.parameters.items()}
        words = {key: (tuple(map(spell, known)), "") for key, known in row.words.items()}
        axes = axes_of(row, table)
        if axes is not None:
            words["axis"] = (("-1",) if axes == "last" else ("none",), "")
        parameters = {theirs.get(p.name, p.name): _may_be(p) for p in spec.settings} | words
        names = row.names
        for name in names:
            if name.isupper() and name.lower() in names:
                continue  # MSE beside mse would only be in the way
            found.setdefault(name, (spec.docs.summary, parameters))
    if dialect == DEFAULT:
        for name, spec in by_name().items():
            parameters = {p.name: _may_be(p) for p in spec.settings}
            found.setdefault(name, (spec.docs.summary, parameters))
    return found


def _may_be(parameter: Parameter) -> tuple[tuple[str, ...], str]:
    if parameter.type is bool:
        return ("true", "false"), parameter.description
    default = () if parameter.default is None else (spell(parameter.default),)
    return tuple(dict.fromkeys([*default, *parameter.words])), parameter.description
