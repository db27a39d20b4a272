"""Packages are small, modules are private to their packages, and files and functions are short."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

MOST_MODULES, MOST_LINES, MOST_LINES_OF_FILE = 12, 60, 400
_ALWAYS = ("graphmap.errors", "graphmap.lazy_imports", "graphmap.saved_queries", "graphmap.starter", "graphmap.version")
_MENTION = re.compile(r"\bgraphmap(?:\.[a-z_]\w*)+")


def crowded(src: Path) -> list[str]:
    """Packages with too many modules beside their `__init__`."""
    rooms = Counter(file.parent for file in src.rglob("*.py") if file.name != "__init__.py")
    return [f"{room.relative_to(src)}: {number}" for room, number in sorted(rooms.items()) if number > MOST_MODULES]


def long_files(src: Path) -> list[str]:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in sorted(src.rglob("*.py"))}
    return [f"{file.relative_to(src)}: {length}" for file, length in lengths.items() if length > MOST_LINES_OF_FILE]


def long_functions(src: Path) -> list[str]:
    return [
        f"{file.relative_to(src)}: {node.name}"
        for file in sorted(src.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > MOST_LINES
    ]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body; a signature with the options of a command is a table."""
    return (node.end_lineno or node.lineno) - node.body[0].lineno + 1


def past_the_door(src: Path) -> list[str]:
    """Imports of a module by a package that is neither its own nor within its own, those for checkers too."""
    modules = {_dotted(file, src): file for file in sorted(src.rglob("*.py"))}
    packages = {name for name, file in modules.items() if file.name == "__init__.py"}
    return [
        f"{importer} imports {imported}"
        for importer, file in modules.items()
        for imported in _imported(file, modules.keys() | packages)
        if imported not in packages and imported not in _ALWAYS and not _sees(importer, imported, packages)
    ]


def _sees(importer: str, imported: str, packages: set[str]) -> bool:
    room = imported.rpartition(".")[0]
    if importer in packages and imported.startswith(f"{importer}."):
        return True  # what an `__init__` hands on
    return f"{importer}.".startswith(f"{room}.")


def _imported(file: Path, modules: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in modules:
            public = _listed(file, node.module)
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules and alias.name not in public else node.module


def _listed(file: Path, package: str) -> set[str]:
    """The names in `__all__` of a package."""
    src = next(parent for parent in file.parents if parent.name == "graphmap" and parent.parent.name == "src")
    init = src.parent.joinpath(*package.split("."), "__init__.py")
    if not init.is_file():
        return set()
    for node in ast.parse(init.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def _dotted(file: Path, src: Path) -> str:
    parts = file.relative_to(src.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def choosers(src: Path) -> list[str]:
    """Modules that hold or import both ways to lift a record, the compiler and the interpreter, from wherever."""
    found = []
    for file in sorted(src.rglob("*.py")):
        name = _dotted(file, src)
        seen = {part for node in _froms(file) for part in (node.module or "", *(alias.name for alias in node.names))}
        compiles = _meets({name, *seen}, "graphmap.lifting.compiler", "compile_plan")
        interprets = _meets({name, *seen}, "graphmap.lifting.interpreter", "Interpreter")
        if compiles and interprets and file.name != "__init__.py":
            found.append(name)
    return found


def _meets(names: set[str], package: str, function: str) -> bool:
    return function in names or any(f"{name}.".startswith(f"{package}.") for name in names)


def _froms(file: Path) -> Iterator[ast.ImportFrom]:
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return (node for node in nodes if isinstance(node, ast.ImportFrom))


def old_names(root: Path, files: list[Path]) -> list[str]:
    """Files that name a module by the name that it had before the packages were laid out."""
    gone = _gone()
    return [
        f"{file.relative_to(root)}: {mention}"
        for file in files
        for mention in _MENTION.findall(file.read_text(encoding="utf-8"))
        if mention in gone
    ]


def _gone() -> set[str]:
    return set(Path(__file__).with_name("old_names.txt").read_text(encoding="utf-8").split())


def imports_of(*arguments: str, folder: Path, status: int = 0) -> set[str]:
    """The modules that a command has imported when it ends with an exit status."""
    script = (
        "import sys; sys.argv = ['graphmap', *sys.argv[1:]]\n"
        "from graphmap.cli import main\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == status, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A package in good order, to plant offenders in."""
    src = tmp_path / "src" / "graphmap"
    for name, text in {
        "__init__.py": "",
        "errors.py": "",
        "a/__init__.py": 'from graphmap.a.one import x\n\n__all__ = ["x"]\n',
        "a/one.py": "x = 1\n",
        "a/inner/__init__.py": "",
        "a/inner/two.py": "from graphmap.a.one import x\nfrom graphmap.errors import y\n",
        "b.py": "from graphmap.a import x\n",
    }.items():
        file = src / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return src


def test_no_package_is_crowded(root: Path) -> None:
    assert crowded(root / "src" / "graphmap") == []


def test_a_thirteenth_module_is_found(planted: Path) -> None:
    for number in range(MOST_MODULES):
        (planted / "a" / f"m{number}.py").touch()
    assert crowded(planted) == ["a: 13"]


def test_files_are_short(root: Path) -> None:
    assert long_files(root / "src" / "graphmap") == []


def test_a_long_file_is_found(planted: Path) -> None:
    (planted / "b.py").write_text("x = 1\n" * (MOST_LINES_OF_FILE + 1), encoding="utf-8")
    assert long_files(planted) == ["b.py: 401"]


def test_functions_are_short(root: Path) -> None:
    assert long_functions(root / "src" / "graphmap") == []


def test_a_long_function_is_found(planted: Path) -> None:
    (planted / "b.py").write_text("def f() -> None:\n" + "    pass\n" * (MOST_LINES + 1), encoding="utf-8")
    assert long_functions(planted) == ["b.py: f"]


def test_packages_are_imported_and_not_their_modules(root: Path) -> None:
    assert past_the_door(root / "src" / "graphmap") == []


@pytest.mark.parametrize("line", ["from graphmap.a.one import x", "from graphmap.a import one"])
def test_an_import_past_a_package_is_found(planted: Path, line: str) -> None:
    assert past_the_door(planted) == []
    (planted / "b.py").write_text(f"def f():\n    {line}\n", encoding="utf-8")
    assert past_the_door(planted) == ["graphmap.b imports graphmap.a.one"]


def test_one_module_chooses_between_compiler_and_interpreter(root: Path) -> None:
    assert choosers(root / "src" / "graphmap") == ["graphmap.lifting.compiler.record_lifter"]


@pytest.mark.parametrize(
    "lines",
    [
        "from graphmap.lifting import Interpreter, compile_plan\n",
        "from graphmap.lifting.compiler.compiler import x\ndef f():\n    from graphmap.lifting import Interpreter\n",
        "from graphmap.lifting.compiler import RecordLifter\nfrom graphmap.lifting.interpreter import UnreadMembers\n",
    ],
)
def test_a_second_chooser_is_found(planted: Path, lines: str) -> None:
    assert choosers(planted) == []
    (planted / "b.py").write_text(lines, encoding="utf-8")
    assert choosers(planted) == ["graphmap.b"]


def test_no_old_name_is_left(root: Path) -> None:
    listing = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True)  # noqa: S607  # git, as found
    files = [root / name for name in listing.stdout.splitlines() if name.endswith((".py", ".md", ".toml", ".sh"))]
    assert old_names(root, [file for file in files if file.is_file()]) == []
    assert [name for name in sorted(_gone()) if (root / "src" / f"{name.replace('.', '/')}.py").exists()] == []


def test_an_old_name_is_found(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    name = min(_gone())
    file.write_text(f"see `{name}`\n", encoding="utf-8")
    assert old_names(tmp_path, [file]) == [f"page.md: {name}"]


@pytest.fixture(scope="module")
def filled(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a store."""
    workspace = tmp_path_factory.mktemp("rooms") / "customers"
    imports_of("init", str(workspace), folder=workspace.parent)
    imports_of("load", *map(str, sorted((root / "samples").glob("account-*.json"))), folder=workspace)
    return workspace


@pytest.mark.parametrize(
    "command", [("query", "accounts-by-status"), ("store", "stats"), ("store", "history", "urn:x")]
)
def test_reading_imports_neither_lifting_nor_validation(filled: Path, command: tuple[str, ...]) -> None:
    found = imports_of(*command, folder=filled, status=command[1] == "history")
    assert "graphmap.store.embedded.store" in found
    rooms = ("lifting", "validation", "derivation", "reasoning", "service")
    assert sorted(name for name in found if name.startswith(tuple(f"graphmap.{room}" for room in rooms))) == []


def test_the_version_is_told_without_what_parses_commands(tmp_path: Path) -> None:
    found = imports_of("--version", folder=tmp_path)
    ours = {"graphmap", "graphmap.cli", "graphmap.lazy_imports", "graphmap.version"}
    assert {name for name in found if name.startswith("graphmap")} == ours
    assert found.isdisjoint({"typer", "click", "msgspec", "pyoxigraph"})
