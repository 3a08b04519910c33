"""The job that writes a file, found among Snakemake's rules once all are read."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from fragility.runtime.job import VOLATILE


@dataclass(frozen=True)
class Written:
    """An output of a job: the rule (Snakemake's object), the output's name, the job's wildcards."""

    rule: object
    name: str
    wildcards: tuple[tuple[str, str], ...]


class Writers:
    """Finds the job that writes a path.

    Args:
        workflow: Snakemake's object; its rules are read at the first call of a method.
    """

    def __init__(self, workflow) -> None:
        self._workflow = workflow
        self.of = lru_cache(maxsize=None)(self._of)
        self._files = lru_cache(maxsize=None)(self._find_files)

    @cached_property
    def _patterns(self) -> list[tuple]:
        return [
            (pattern, pattern.constant_prefix(), rule, name)
            for rule in self._workflow.rules
            for name, value in rule.output.items()
            for pattern in ([value] if isinstance(value, str) else value)
        ]

    @cached_property
    def _without_wildcards(self) -> dict[str, tuple]:
        return {
            str(pattern): (rule, name)
            for pattern, _, rule, name in self._patterns
            if not pattern.contains_wildcard()
        }

    def _of(self, path: str) -> Written | None:
        """The output that ``path`` is, or None if no rule writes it."""
        if path in self._without_wildcards:
            return Written(*self._without_wildcards[path], ())
        for pattern, prefix, rule, name in self._patterns:
            if path.startswith(prefix) and (match := pattern.match(path)):
                return Written(rule, name, tuple(match.groupdict().items()))
        return None

    def is_volatile(self, path: str) -> bool:
        """Whether equal runs write other bytes, so that no digests file lists the path."""
        written = self.of(path)
        return written is not None and written.name in VOLATILE

    def digests(self, path: str) -> str | None:
        """The digests file of the job that writes ``path``; None if no digests file lists it."""
        written = self.of(path)
        if written is None or written.name in VOLATILE:
            return None
        return written.rule.output.digests.apply_wildcards(dict(written.wildcards))

    def behind(self, paths: Iterable[str]) -> list[tuple[str, str, list[str]]]:
        """The jobs that make ``paths``, and all jobs that these need, in an order they can run in.

        Returns:
            For each job its rule, its record, and its other files in the order of the rule.
        """
        jobs: dict[tuple, tuple[str, str, list[str]]] = {}

        def visit(path: str) -> None:
            written = self.of(path)
            if written is None or (key := (written.rule, written.wildcards)) in jobs:
                return
            needed, record, files = self._files(*key)
            for each in needed:
                visit(each)
            jobs[key] = written.rule.name, record, files

        for path in paths:
            visit(path)
        return list(jobs.values())

    def _find_files(self, rule, wildcards: tuple) -> tuple[list[str], str, list[str]]:
        """What a job needs, its record, and its other files in the order of the rule."""
        wildcards = dict(wildcards)
        needed = [str(path) for path in rule.expand_input(wildcards)[0]]
        record = str(rule.output.record.apply_wildcards(wildcards))
        files = [str(path.apply_wildcards(wildcards)) for path in rule.output]
        return needed, record, [path for path in files if path != record]
