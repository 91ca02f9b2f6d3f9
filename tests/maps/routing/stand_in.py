"""Child process that speaks for a routing engine, well or badly: ``python stand_in.py HOW``.

What it finds is always a geometry that holds its process id.
"""

import os
import sys
import time

from trafficdesk.maps.routing.messages import (
    Question,
    ReachFound,
    Ready,
    Unusable,
    read_question,
    write,
)


def say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def hang() -> None:
    while True:
        time.sleep(60)


def answer(question: Question, number: int | None = None) -> None:
    asked = question.number if number is None else number
    say(write(ReachFound(asked, {"process": os.getpid()})))


def begin(how: str) -> bool:
    """Start well or badly; return whether there is anybody to answer."""
    match how:
        case "never ready":
            hang()
        case "crashes at the start":
            os._exit(9)
        case "says damaged":
            say(write(Unusable("travel.damaged", "a tile is missing")))
        case "says what nobody knows":
            say(write(Unusable("travel.by_dragon", "")))
        case _:
            say(write(Ready("0")))
            return True
    return False


def go_on(how: str, question: Question, count: int) -> bool:
    """Answer well or badly; return whether to go on."""
    match how:
        case "hangs at the second question" if count:
            hang()
        case "crashes at the second question" if count:
            os._exit(9)
        case "babbles":
            say(b"Segmentation fault (no core dumped)\n")
        case "answers another question":
            answer(question, question.number + 1)
        case _:
            answer(question)
    return how != "ends after an answer"


def main(how: str) -> None:
    if not begin(how):
        return
    if how == "reads nothing":
        hang()
    for count, line in enumerate(sys.stdin.buffer):
        if not go_on(how, read_question(line), count):
            return


if __name__ == "__main__":
    main(sys.argv[1])
