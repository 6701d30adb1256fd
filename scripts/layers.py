#!/usr/bin/env python3
"""Checks that the rooms of src include each other only as scripts/layers.txt allows.

    scripts/layers.py [ROOT]     exit 1 and a line for each fault, or one line that sums up

A fault is an include that the table does not allow, a circle of files, a file in no room, a library's header in a
room that must do without it, or a room with more than 35 % of all lines.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
LARGEST_SHARE = 0.35


def read_table(path):
    """Returns the rooms with what each may include, and the libraries with the rooms and headers that may."""
    rooms, libraries = {}, {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "only":
            libraries[words[1]] = set(words[2:])
            continue
        above = set(words[1:]) - set(rooms)
        if above:
            sys.exit(f"{path.name}:{number}: {words[0]} may not include what stands below it: {' '.join(sorted(above))}")
        rooms[words[0]] = set(words[1:])
    return rooms, libraries


def room_of(file, rooms):
    """Returns the room that `file`, "search/space/grid.hpp", is in; None if it is in none."""
    inside = [room for room in rooms if file.startswith(room + "/")]
    return max(inside, key=len, default=None)


def may_use(room, users):
    """Whether `room`, or a public header, is among those who may; a folder of headers ends with a slash."""
    return room in users or any(user.endswith("/") and str(room).startswith(user) for user in users)


def find_circle(graph):
    """Returns the files of a circle of includes, or an empty list."""
    done, path = set(), []

    def visit(file):
        if file in done:
            return []
        if file in path:
            return path[path.index(file):] + [file]
        path.append(file)
        for other in graph.get(file, ()):
            if circle := visit(other):
                return circle
        path.pop()
        done.add(file)
        return []

    for file in sorted(graph):
        if circle := visit(file):
            return circle
    return []


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    rooms, libraries = read_table(root / "scripts/layers.txt")
    faults, graph, lines = [], {}, dict.fromkeys(rooms, 0)
    sources = [p for p in sorted((root / "src").rglob("*")) if p.suffix in (".cpp", ".hpp", ".cu")]
    headers = sorted((root / "include/troupe").rglob("*.hpp"))
    for source in sources + headers:
        public = source in headers
        name = str(source.relative_to(root if public else root / "src"))
        room = name if public else room_of(name, rooms)
        if room is None and name != "main.cpp":
            faults.append(f"src/{name} is in no room of scripts/layers.txt")
            continue
        text = source.read_text()
        if room in lines:
            lines[room] += text.count("\n")
        for own, other in INCLUDE.findall(text):
            if own:
                graph.setdefault(name, []).append(own)
                target = room_of(own, rooms)
                if public or room and target != room and target not in rooms[room]:
                    faults.append(f"{source.relative_to(root)} includes {own}, which {room} may not")
            for library, users in libraries.items():
                if other.startswith(library) and not may_use(room, users) and name != "main.cpp":
                    faults.append(f"{source.relative_to(root)} includes <{other}>, which is for {' '.join(sorted(users))}")
    if circle := find_circle(graph):
        faults.append("a circle of includes: " + " -> ".join(circle))
    largest = max(lines, key=lines.get)
    share = lines[largest] / sum(lines.values())
    if share > LARGEST_SHARE:
        faults.append(f"{largest} has {share:.0%} of all lines; cut it where one idea ends")
    print(*faults, sep="\n", end="\n" if faults else "")
    if faults:
        sys.exit(1)
    print(f"layers: {len(sources)} files in {len(rooms)} rooms, no circle, none upward; the largest is {largest}, {share:.0%}")


if __name__ == "__main__":
    main()
