"""The JSON Schemas of the documents, each part described once; `schemas/` holds them as files.

What is a closed vocabulary in `words` is one here. Each file stands for itself, whatever validates
with it: `python -m tests.schemas` writes them anew.
"""

from typing import Any

from losscli import words
from losscli.reports import statistics
from losscli.reports.json import SCHEMA_VERSION

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
BOOLEAN: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
STRING_OR_NULL: Schema = {"type": ["string", "null"]}
NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
# A vector is the only list among parameters.
VALUE: Schema = {
    "type": ["number", "boolean", "string", "array", "null"],
    "items": NUMBER,
}


def commands() -> tuple[str, ...]:
    """The commands whose documents have a schema."""
    return tuple(_contents())


def schema(command: str) -> Schema:
    """The schema of a command's document, with the definitions that it refers to."""
    title, properties, optional = _contents()[command]
    head: Schema = {
        "schema_version": {"const": SCHEMA_VERSION},
        "command": {"const": command},
        "losscli": {"type": "string", "pattern": r"^[0-9]+\.[0-9]+\.[0-9]+"},
    }
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_object({**head, **properties}, optional),
    }
    definitions = {
        name: definition
        for name, definition in _definitions().items()
        if _refer(name) in _references(document)
    }
    return {**document, **({"$defs": definitions} if definitions else {})}


def _contents() -> dict[str, tuple[str, Schema, tuple[str, ...]]]:
    """Of each command: the title, the content, and what of it may be absent."""
    return {
        "baseline": ("a file of losscli baseline save", _baseline(), ("samples",)),
        "check": ("losscli check --format json, and --report json=FILE", _check(), ()),
        "compare": ("losscli compare --format json", _compare(), ()),
        "compute": ("losscli compute --format json", _compute(), ("samples", "ids")),
        "config": ("losscli config --format json", _config(), ()),
        "info": ("losscli info --format json", {"loss": _loss_with_example()}, ()),
        "list": ("losscli list --format json", _list(), ()),
        "version": ("losscli version --format json", _version(), tuple(_version())),
    }


def _definitions() -> Schema:
    """What documents have in common, by name."""
    return {
        "counts": _object({"used": COUNT, "skipped": COUNT, "unmatched": COUNT}),
        "domain": _object({"name": STRING, "description": STRING, "expected": _list_of(STRING)}),
        "framework": _framework(),
        "parameter": _parameter(),
        "sample": _sample(),
        "summary": _summary(),
    }


def _references(schema: Any) -> list[Schema]:
    """Every reference in a schema, those of its definitions aside: these refer to none."""
    if isinstance(schema, list):
        return [reference for part in schema for reference in _references(part)]
    if not isinstance(schema, dict):
        return []
    if "$ref" in schema:
        return [{"$ref": schema["$ref"]}]
    return _references(list(schema.values()))


def _refer(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """An object of these properties alone."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _map_of(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def _list_of(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", **({"minItems": least} if least else {}), "items": items}


def _word(vocabulary: Any, *more: None) -> Schema:
    return {"enum": [*words.choices(vocabulary), *more]}


def _say(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _summary() -> Schema:
    numbers: Schema = dict.fromkeys(statistics.names(), NUMBER_OR_NULL)
    if "std" in numbers:
        numbers["std"] = _say(NUMBER_OR_NULL, "population standard deviation")
    error = f"relative error of {statistics.quantiles()}; 0 where they are exact"
    return _object({**numbers, "quantile_error": _say(NUMBER, error)})


def _sample() -> Schema:
    number = {"type": "integer", "minimum": 1}
    row = {"type": "array"}
    properties = {"sample": number, "id": STRING, "value": NUMBER_OR_NULL}
    return _object({**properties, "y_true": row, "y_pred": row}, ("id",))


def _parameter() -> Schema:
    return _object(
        {
            "name": STRING,
            "type": {"enum": ["float", "int", "bool", "str", "list"]},
            "default": VALUE,
            "required": BOOLEAN,
            "allowed": _say(STRING, "what it may be"),
            "description": STRING,
        }
    )


def _framework() -> Schema:
    presets = "parameters of the loss that make its number the framework's"
    return _object(
        {
            "dialect": STRING,
            "version": STRING,
            "names": _list_of(STRING, least=1),
            "presets": {"type": "object", "description": presets},
            "parameters": _say(_map_of(STRING), "the framework's parameter names, with ours"),
            "target": _word(words.Target),
            "reduction": STRING,
            "why": STRING,
        }
    )


# What `Result.to_dict` may leave out.
PARTS = ("framework_name", "outputs", "summary", "per_sample", "worst")


def _result() -> Schema:
    """The properties of a result."""
    return {
        "loss": _say(STRING, "what the caller called the loss, without parameters"),
        "params": _say(_map_of(VALUE), "every parameter with its value"),
        "dialect": STRING,
        "reduction": _word(words.Reduction),
        "dtype": _word(words.DType),
        "value": _say(NUMBER_OR_NULL, "the reduced loss; null where status is not ok"),
        "status": _word(words.ValueStatus),
        "signature": _say(STRING, "what the value depends on but the data"),
        "framework_name": _say(
            STRING_OR_NULL, "what the framework calls the loss, in any dialect but home"
        ),
        "outputs": _say(
            _list_of(NUMBER_OR_NULL), "a value for each column, where they are not made one"
        ),
        "summary": _refer("summary"),
        "per_sample": _say(_list_of(NUMBER_OR_NULL), "a value per sample; absent under --summary"),
        "worst": _say(
            _list_of(_refer("sample")), "the samples with the largest values, the worst first"
        ),
    }


def _compute() -> Schema:
    numbers = "the numbers of the samples in per_sample, where these are not all in order"
    ids = "the ids of the samples in per_sample, where rows were paired by id"
    return {
        "n": _refer("counts"),
        "samples": _say(_list_of({"type": "integer", "minimum": 1}), numbers),
        "ids": _say(_list_of(STRING), ids),
        "results": _list_of(_object(_result(), PARTS), least=1),
    }


def _compare() -> Schema:
    result = _result()
    unusual = "the data is not as the loss expects; the notes on standard error say how"
    compared = {
        "loss": result.pop("loss"),
        "family": STRING,
        "model": _say(STRING, "where there are several"),
        "group": _say(STRING, "under --by"),
        **result,
        "n": _say(COUNT, "the samples of the group, under --by"),
        "unusual": _say(BOOLEAN, unusual),
    }
    left_out = _object({"loss": STRING, "family": STRING, "reason": STRING})
    return {
        "n": _refer("counts"),
        "models": _list_of(STRING, least=1),
        "results": _list_of(_object(compared, (*PARTS, "model", "group", "n")), least=1),
        "not_applicable": _list_of(left_out),
    }


def _check() -> Schema:
    verdict = _word(words.Status)
    each = {name.replace(" ", "_"): COUNT for name in words.choices(words.Status)}
    check = {
        "name": STRING,
        "verdict": verdict,
        "n": {
            "anyOf": [_refer("counts"), {"type": "null"}],
            "description": "null where the data was not read to its end",
        },
        "against": STRING_OR_NULL,
        "gates": _list_of(_gate(), least=1),
        "notes": _list_of(STRING),
    }
    return {
        "verdict": _say(verdict, "the worst of the checks"),
        "gates": _say(_object({"all": COUNT, **each}), "how many gates there are of each verdict"),
        "checks": _list_of(_object(check), least=1),
    }


def _gate() -> Schema:
    return _object(
        {
            "expression": _say(STRING, "as it was written"),
            "kind": {"enum": ["fail_if", "max_regress"]},
            "loss": _say(STRING, "with its parameters, as it was written"),
            "statistic": _say(STRING_OR_NULL, "null where the loss's value is judged"),
            "operator": _say(
                _word(words.Operator), "a gate fails where value operator limit is true"
            ),
            "value": _say(NUMBER_OR_NULL, "null where status is not ok"),
            "status": _say(_word(words.ValueStatus), "none where it was not computed"),
            "baseline": _say(NUMBER_OR_NULL, "what a regression is judged against"),
            "limit": _say(NUMBER_OR_NULL, "null where it is not known"),
            "margin": _say(
                NUMBER_OR_NULL, "how far the value is within the limit, negative beyond it"
            ),
            "verdict": _word(words.Status),
            "message": STRING,
            "signature": STRING_OR_NULL,
        }
    )


def _baseline() -> Schema:
    shape = {"type": "array", "minItems": 2, "items": {"type": "integer", "minimum": 1}}
    loss = _say(STRING, "with its parameters, as it was written")
    file = _say(STRING, "an NPY file beside this one: a row a sample, a column a loss")
    return {
        "n": _refer("counts"),
        "y_true": _say(
            _object({"sha256": HASH, "shape": shape}),
            "a fingerprint: of the numbers as little-endian float64 in the order of the rows, "
            "-0 as 0",
        ),
        "losses": _list_of(
            _object(
                {
                    "loss": loss,
                    "value": NUMBER,
                    "signature": _say(STRING, "the fields as text, to be read by people"),
                    "fields": _signature(),
                },
                optional=("fields",),
            ),
            least=1,
        ),
        "samples": _object({"file": file, "sha256": HASH}),
    }


def _signature() -> Schema:
    """The fields of a signature."""
    spelt = _say(_map_of(STRING), "those not at their defaults, as they are spelt")
    return _say(
        _object(
            {
                "name": STRING,
                "params": spelt,
                **dict.fromkeys(("dialect", "dialect_version", "reduction", "nan"), STRING),
                "dtype": _word(words.DType),
                **dict.fromkeys(("used", "skipped"), COUNT),
                "weighted": {"type": "boolean"},
                "revision": {"type": ["integer", "string"]},
                **dict.fromkeys(("batches", "domain"), STRING),
            }
        ),
        "what the value depends on but the data; a file that was saved before there were fields "
        "has the signature alone",
    )


def _loss() -> Schema:
    """The properties of a loss among others."""
    inputs = "further arrays that the loss takes, by name"
    kind = "null where it shows in what the loss returns"
    return {
        "name": STRING,
        "aliases": _list_of(STRING),
        "family": STRING,
        "kind": _say({"enum": [*words.choices(words.Kind), None]}, kind),
        "summary": STRING,
        "y_true": _refer("domain"),
        "y_pred": _refer("domain"),
        "inputs": _say(_map_of(_refer("domain")), inputs),
        "parameters": _list_of(_refer("parameter")),
        "frameworks": _say(_list_of(_refer("framework")), "what each framework calls it"),
    }


def _list() -> Schema:
    dialect = "the dialect whose losses these are; null for all"
    return {
        "dialect": _say(STRING_OR_NULL, dialect),
        "losses": _list_of(_object({**_loss(), "kind": _word(words.Kind)}), least=1),
    }


def _loss_with_example() -> Schema:
    rows = _list_of(_list_of(NUMBER))
    example = {
        "y_true": rows,
        "y_pred": rows,
        "inputs": _say(_map_of({"type": "array"}), "further arrays, by name"),
        **_result(),
    }
    domains = _map_of(_refer("domain"))
    values = "the example's value in each dialect that has the loss"
    return _object(
        {
            **_loss(),
            "y_true_when": _say(domains, "y_true's domain under a parameter"),
            "y_pred_when": _say(domains, "y_pred's domain under a parameter"),
            "formula": STRING,
            "shape": STRING,
            "edge_cases": STRING,
            "symmetric": BOOLEAN,
            "zero_at_perfect": BOOLEAN,
            "revision": {"type": ["integer", "string"]},
            "references": _list_of(STRING),
            "example": _object(example, ("framework_name", "outputs", "worst")),
            "example_by_dialect": _say(_map_of(NUMBER_OR_NULL), values),
        }
    )


def _config() -> Schema:
    file = "the config file, from the working directory; null where there is none"
    origin = "a file, a variable of the environment, or 'default'"
    setting = {
        "key": STRING,
        "value": {"type": ["string", "number", "boolean", "null"]},
        "origin": {"type": "string", "minLength": 1, "description": origin},
    }
    return {
        "file": _say(STRING_OR_NULL, file),
        "settings": _list_of(_object(setting), least=1),
        "checks": _say(_list_of(STRING), "the names of the checks"),
    }


def _version() -> Schema:
    installed = _map_of(_say(STRING_OR_NULL, "null where it is not installed"))
    return {
        "python": STRING,
        "packages": installed,
        "extras": _map_of(installed),
        "platform": STRING,
        "config": _say(STRING_OR_NULL, "the config file in force"),
    }
