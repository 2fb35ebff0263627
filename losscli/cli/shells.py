"""Completion in bash, zsh and fish: click's own, where its answers fit the shell's words.

A script hands over the line up to the cursor, and gets a candidate a line. What it can't complete
it leaves empty: an error must not run into the line that is being typed.
"""

import os
import re
import shlex
import sys
from contextlib import redirect_stderr, suppress
from io import StringIO

from click import Command
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

VARIABLE = "_LOSSCLI_COMPLETE"
LINE, WORD = "_LOSSCLI_LINE", "_LOSSCLI_WORD"
CURSOR = "\0"  # no shell can hand it over

BASH = """\
# Completion of losscli in bash. For this session: source <(losscli completion bash)
# For all, a line of ~/.bashrc: source <(losscli completion bash)

%(complete_func)s() {
    local answer kind value
    COMPREPLY=()
    while IFS= read -r answer; do
        kind=${answer%%%%,*} value=${answer#*,}
        if [[ $kind == file ]]; then
            compopt -o default 2>/dev/null
            continue
        fi
        # "huber:" goes on: no blank behind it.
        [[ $kind == open ]] && compopt -o nospace 2>/dev/null
        COMPREPLY+=("$value")
    done < <(%(complete_var)s=bash_complete _LOSSCLI_LINE="${COMP_LINE:0:COMP_POINT}" \\
        _LOSSCLI_WORD="$2" "$1" 2>/dev/null)
}

complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s %(prog_name)s
"""

ZSH = """\
#compdef %(prog_name)s
# Completion of losscli in zsh. For this session: source <(losscli completion zsh)
# For all: losscli completion zsh > "${fpath[1]}/_losscli"

%(complete_func)s() {
    local -a response plain described open
    local kind key descr
    response=("${(@f)$(%(complete_var)s=zsh_complete _LOSSCLI_LINE="${(j: :)words[1,CURRENT]}" \\
        ${words[1]} 2>/dev/null)}")
    for kind key descr in "${(@)response}"; do
        [[ -n "$kind" ]] || continue
        if [[ "$kind" == "file" ]]; then
            compset -P '*='
            _path_files -f
        elif [[ "$kind" == "open" ]]; then
            open+=("$key")
        elif [[ "$descr" == "_" ]]; then
            plain+=("$key")
        else
            described+=("$key:$descr")
        fi
    done
    # Those that go on, as "huber:", get no blank behind them.
    (( $#open )) && compadd -U -S '' -V open -a open
    (( $#described )) && _describe -V described described -U
    (( $#plain )) && compadd -U -V plain -a plain
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

# fish itself puts no blank behind a candidate that ends with ':' or '='.
FISH = """\
# Completion of losscli in fish. For this session: losscli completion fish | source
# For all: losscli completion fish > ~/.config/fish/completions/losscli.fish

function %(complete_func)s
    for answer in (env %(complete_var)s=fish_complete _LOSSCLI_LINE=(commandline -cp) \\
            %(prog_name)s 2>/dev/null)
        set -l parts (string split -m 1 "," -- $answer)
        if test "$parts[1]" = file
            __fish_complete_path $parts[2]
        else
            echo $parts[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class _Line(ShellComplete):
    """What the shells share: the line up to the cursor comes in one variable, as it was typed."""

    def get_completion_args(self) -> tuple[list[str], str]:
        words = split_arg_string(os.environ[LINE] + CURSOR)
        return words[1:-1], words[-1].removesuffix(CURSOR)

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """As click does, but for `--option=VALUE` the whole word."""
        option, equals, _ = incomplete.partition("=")
        items = super().get_completions(args, incomplete)
        if equals and option.startswith("--"):
            for item in items:
                item.value = f"{option}={item.value}"
        return items


class Bash(_Line, BashComplete):
    """bash replaces only what stands behind the last ':' or '=' of a word, so it gets only that."""

    source_template = BASH

    def source(self) -> str:
        return ShellComplete.source(self)  # click's would run bash to ask for its version

    def format_completion(self, item: CompletionItem) -> str:
        line = os.environ[LINE]
        whole, word = self.get_completion_args()[1], os.environ.get(WORD, "")
        plain = next((w for w in (word, *split_arg_string(word)) if whole.endswith(w)), "")
        value = item.value.removeprefix(whole[: len(whole) - len(plain)])
        return f"{item.type},{value if _is_quoted(line) else _escaped(value)}"


def _is_quoted(line: str) -> bool:
    """Whether a quote is open at the end of the line."""
    with suppress(ValueError):
        shlex.split(line.rstrip("\\"))
        return False
    return True


def _escaped(value: str) -> str:
    """A word as bash reads it back."""
    return re.sub(r"([^\w@%+=:,./-])", r"\\\1", value)


class Zsh(_Line, ZshComplete):
    """zsh takes three lines a candidate; a colon parts a word from its meaning."""

    source_template = ZSH

    def format_completion(self, item: CompletionItem) -> str:
        meaning = " ".join((item.help or "_").split())
        is_described = item.type == "plain" and meaning != "_"
        value = item.value.replace(":", r"\:") if is_described else item.value
        return f"{item.type}\n{value}\n{meaning}"


class Fish(_Line, FishComplete):
    """fish takes a candidate and what it means, parted by a tab."""

    source_template = FISH

    def format_completion(self, item: CompletionItem) -> str:
        meaning = "\t" + " ".join(item.help.split()) if item.help else ""
        return f"{item.type},{item.value}{meaning}"


SHELLS: dict[str, type[_Line]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def script(shell: str, cli: Command) -> str:
    """What a shell has to run to complete losscli."""
    return SHELLS[shell](cli, {}, "losscli", VARIABLE).source()


def answer(cli: Command, instruction: str) -> None:
    """Print the candidates for what is being typed. Never raises, and prints nothing else."""
    shell = SHELLS.get(instruction.removesuffix("_complete"))
    if shell is None:
        return
    said = ""
    with suppress(BaseException), redirect_stderr(StringIO()):
        said = shell(cli, {}, "losscli", VARIABLE).complete() + "\n"
    with suppress(OSError):
        sys.stdout.buffer.write(said.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
