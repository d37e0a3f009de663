"""Counts a service day from the journal's own bytes, in another language than the product's.

    count_day.py DATA    the newest day of DATA/journal.sqlite, as JSON

It knows the record's format and nothing else: no table beside the records, no ledger. A ticket is
the list of what happened to it; an act taken back is the end of that list taken away.
"""

import json
import sqlite3
import sys

# What ends a stay at a counter, and the column of the figures that it leads to.
COLUMN = {
    "finished": "served",
    "missed-call": "no_shows",
    "cancelled": "cancelled",
    "voided": "changed",
}


class Ticket:
    def __init__(self, service, issued):
        self.service = service
        self.issued = issued
        self.acts = []

    def column(self):
        last = self.acts[-1][0] if self.acts else None
        return COLUMN.get(last, "open")

    def first_call(self):
        return next((at for act, at, _ in self.acts if act == "called"), None)

    def calls(self):
        """Each call: its counter, what ended it, and after how many milliseconds."""
        for index, (act, at, counter) in enumerate(self.acts):
            if act == "called":
                later = [end for end in self.acts[index + 1 :] if end[0] != "begun"]
                ended, when, _ = later[0] if later else (None, None, None)
                yield counter, ended, when - at if when else None


def spread(ms):
    ms = sorted(ms)
    if not ms:
        return {"count": 0, "median_seconds": None, "p90_seconds": None}
    middle = (ms[(len(ms) - 1) // 2] + ms[len(ms) // 2]) // 2
    ninth = ms[-(-len(ms) * 9 // 10) - 1]
    return {
        "count": len(ms),
        "median_seconds": middle // 1000,
        "p90_seconds": ninth // 1000,
    }


def records(data):
    journal = sqlite3.connect(f"file:{data}/journal.sqlite?mode=ro", uri=True)
    for (record,) in journal.execute("select bytes from record order by seq"):
        yield json.loads(record)


def newest_day(data):
    """The tickets of the newest service day by id, and its scans."""
    tickets, scans = {}, 0
    for record in records(data):
        at = record["mono"]
        for event in record["events"]:
            what = event["event"]
            if what == "day-opened":
                tickets, scans = {}, 0
            elif what == "issued":
                tickets[event["ticket"]] = Ticket(event["number"][0], at)
            elif what == "undone":
                for ticket in event["tickets"]:
                    tickets[ticket].acts.pop()
            elif what == "scanned":
                scans += not event["repeat"]
            elif what in ACTS:
                # Finished because the day closed: nobody knows when it really was.
                when = None if event.get("at_closing") else at
                tickets[event["ticket"]].acts.append((what, when, event.get("counter")))
    return tickets, scans


ACTS = {"called", "begun", "held", "resumed", "transferred", *COLUMN}


def columns(tickets):
    found = {"issued": len(tickets)}
    for column in (*COLUMN.values(), "open"):
        found[column] = sum(ticket.column() == column for ticket in tickets)
    waits = [t.first_call() - t.issued for t in tickets if t.first_call() is not None]
    found["wait"] = spread(waits)
    return found


def main(data):
    tickets, scans = newest_day(data)
    tickets = list(tickets.values())
    calls = [call for ticket in tickets for call in ticket.calls()]
    served = ("finished", "transferred")
    found = {"total": columns(tickets), "services": {}, "counters": {}, "scans": scans}
    found["total"]["service"] = spread(
        ms for _, ended, ms in calls if ended in served and ms is not None
    )
    for letter in sorted({ticket.service for ticket in tickets}):
        found["services"][letter] = columns([t for t in tickets if t.service == letter])
    for counter in sorted({counter for counter, _, _ in calls}):
        here = [ended for at, ended, _ in calls if at == counter]
        found["counters"][counter] = {
            "calls": len(here),
            "no_shows": here.count("missed-call"),
        }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(sys.argv[1])
