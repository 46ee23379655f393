"""A genetic search for expensive requests. It combines expensive parts at random, and then varies the most
expensive requests."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from catalogue import LARGE, MAC, ORDINARY, TARGET, field, members
from measure import Cost, Request, measure

POPULATION, SURVIVORS = 60, 12
# The maximum size of a request head that common servers accept, in bytes.
LARGEST = 65_536
NAMES = [
    "x-a",
    "x-b",
    "x-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "priority",
    "accept-ch",
    "content-digest",
    "deprecation",
]
FORMS = ["", "", ";sf", ";bs", ';key="a"', ';key="a1"']
DERIVED = [
    '"@scheme"',
    '"@target-uri"',
    '"@request-target"',
    '"@query-param";name="p"',
    '"@query-param";name="%20a"',
]


@dataclass(frozen=True)
class Genome:
    components: tuple[str, ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = ()
    others: tuple[str, ...] = ()
    target: bytes = TARGET
    parameters: str = ""

    def size(self) -> int:
        return len(self.target) + sum(len(name) + len(value) for name, value in self.headers)

    def request(self) -> Request:
        covered = " ".join(
            ('"@method"', '"@authority"', '"@path"', '"@query"', *dict.fromkeys(self.components))
        )
        own = (
            f'sealwire=({covered});created=1712419200;nonce="n-1";alg="hmac-sha256";keyid="agent/practices#1";'
            f'tag="sealwire"{self.parameters}'
        )
        member = ", ".join((*self.others, own))
        signature = ((b"signature-input", member.encode()), (b"signature", b"sealwire=" + MAC))
        return Request("message", self.target, ORDINARY + self.headers[:240] + signature)


def search(generations: int, seed: int) -> Iterator[tuple[Cost, Request]]:
    """Yields the most expensive request of each generation."""
    chance = random.Random(seed)
    genomes = [Genome() for _ in range(POPULATION)]
    for _ in range(generations):
        varied_genomes = (varied(genome, chance) for genome in genomes)
        genomes = [genome for genome in varied_genomes if genome.size() <= LARGEST]
        requests = [genome.request() for genome in genomes]
        ranked = sorted(zip(measure(requests), requests, genomes, strict=True), key=lambda it: -it[0].ratio)
        yield ranked[0][0], ranked[0][1]
        best = [genome for _, _, genome in ranked[:SURVIVORS]]
        genomes = best + [chance.choice(best) for _ in range(POPULATION - SURVIVORS)]


def varied(genome: Genome, chance: random.Random) -> Genome:
    for _ in range(chance.randint(1, 3)):
        genome = chance.choice(CHANGES)(genome, chance)
    return genome


def add_component(genome: Genome, chance: random.Random) -> Genome:
    name = chance.choice([*NAMES, f"x-{chance.randrange(40)}"])
    identifiers = [
        *DERIVED,
        f'"@query-param";name="p{chance.randrange(40)}"',
        f'"{name}"{chance.choice(FORMS)}',
    ]
    added = chance.choices(identifiers, k=chance.choice([1, 1, 4]))
    return replace(genome, components=(*genome.components, *added)[:28])


def fill_components(genome: Genome, chance: random.Random) -> Genome:
    form = chance.choice(FORMS)
    names = [f"x-{at}" for at in range(chance.choice([5, 14, 28]))]
    value = chance.choice(["1", members(chance.choice([2, 10, 60])), "a" * chance.choice([10, 200, 2000])])
    headers = tuple(field(name, value) for name in names)
    return replace(genome, components=tuple(f'"{name}"{form}' for name in names), headers=headers)


def add_header(genome: Genome, chance: random.Random) -> Genome:
    value = chance.choice(
        [
            "1",
            members(chance.choice([3, 30, 120])),
            members(chance.choice([3, 30, 60]), "a{};b"),
            "a=(" + "1 " * chance.choice([3, 60, 120]) + ")",
            "a" * chance.choice([100, 3000, LARGE]),
            'a="' + "\\\\" * chance.choice([10, 120]) + '"',
            "a\r\n " * chance.choice([2, 100]),
            "a=:" + "A" * chance.choice([100, 3000]) + ":",
        ]
    )
    header = field(chance.choice(NAMES), value)
    return replace(genome, headers=genome.headers + (header,) * chance.choice([1, 1, 1, 20, 120]))


def add_signature(genome: Genome, chance: random.Random) -> Genome:
    label = f"a{chance.randrange(1000)}"
    items = " ".join(
        chance.choices(['"a"', '"@path"', '"x-a";sf', "1", "(", '"%20"'], k=chance.choice([0, 3, 30]))
    )
    flags = chance.choice(
        ["", ";a", ";a;b;c", ';created=1;keyid="a/b#1";tag="sealwire"', ";tag=1", ";x=" + "1" * 15]
    )
    other = f"{label}=({items}){flags * chance.choice([1, 1, 4])}"
    return replace(genome, others=(*genome.others, other)[-20:])


def change_target(genome: Genome, chance: random.Random) -> Genome:
    part = chance.choice(["a&", "p1&", "+&", "%41=&", "=&", "p=!", "%F0%9F%99%82&", "a", "p2=%C3%BC&"])
    query = part * chance.choice([1, 20, 100, 180, 4000])
    return replace(genome, target=TARGET + b"?" + query.encode()[:LARGE])


def add_parameters(genome: Genome, chance: random.Random) -> Genome:
    added = "".join(f";z{chance.randrange(100)}=1" for _ in range(chance.choice([1, 4, 9])))
    return replace(genome, parameters=(genome.parameters + added)[:400])


def remove(genome: Genome, chance: random.Random) -> Genome:
    part = chance.choice(["components", "headers", "others"])
    held = getattr(genome, part)
    return replace(genome, **{part: held[: chance.randrange(len(held) + 1)]})


CHANGES: list[Callable[[Genome, random.Random], Genome]] = [
    add_component,
    add_component,
    fill_components,
    add_header,
    add_header,
    add_signature,
    change_target,
    add_parameters,
    remove,
]
