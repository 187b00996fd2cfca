import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Id } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";

const text = en.transfer.inbox;

export interface Bag {
  readonly bag: string;
  readonly sequence: number | null;
  readonly state: string;
  readonly reason: string | null;
  readonly peer: string | null;
  readonly sentence: string;
  readonly remedy: string;
  readonly detail: string;
  readonly records: number | null;
  readonly bytes: number | null;
  readonly createdAt: string | null;
  readonly missing: readonly string[];
}

/** Green only for what was compared with a signature; what merely waits or is known is grey. */
const shapes: Record<string, StatusKind> = {
  verified: "proved",
  imported: "proved",
  refused: "failed",
  fork: "failed",
  damaged: "failed",
  own: "off",
  "already-imported": "done",
  "already-refused": "off",
  "older-than-expected": "off",
  interrupted: "missing",
  incomplete: "missing",
  "missing-before": "held",
  held: "held",
  "no-room": "warn",
};

const columns: readonly Column<Bag>[] = [
  {
    id: "state",
    head: text.columns.state,
    width: 152,
    cell: (bag) => <Status kind={shapes[bag.state] ?? "warn"}>{bag.state.replaceAll("-", " ")}</Status>,
  },
  {
    id: "number",
    head: text.columns.number,
    width: 56,
    figures: true,
    strong: true,
    cell: (bag) => (bag.sequence === null ? "" : formatCount(bag.sequence)),
  },
  { id: "from", head: text.columns.from, width: 96, cell: (bag) => <OutsideText text={bag.peer ?? ""} /> },
  {
    id: "bag",
    head: text.columns.bag,
    cell: (bag) => (
      <span className="fact" title={bag.bag}>
        <OutsideText text={bag.bag} />
      </span>
    ),
    copy: (bag) => bag.bag,
  },
  {
    id: "records",
    head: text.columns.records,
    width: 72,
    figures: true,
    cell: (bag) => (bag.records === null ? "" : formatCount(bag.records)),
  },
  {
    id: "bytes",
    head: text.columns.bytes,
    width: 80,
    figures: true,
    cell: (bag) => (bag.bytes === null ? "" : formatBytes(bag.bytes)),
  },
];

/** One row a bag; the chosen one is explained below. */
export function BagTable({ bags }: { bags: readonly Bag[] }) {
  const [chosen, setChosen] = useState<string>();
  const shown =
    bags.find((bag) => bag.bag === chosen) ?? bags.find((bag) => bag.state === "verified") ?? bags[0];
  return (
    <>
      <Table
        label={text.bags}
        columns={columns}
        rows={bags}
        rowKey={(bag) => bag.bag}
        chosen={shown?.bag}
        onChoose={(bag) => setChosen(bag.bag)}
      />
      {shown === undefined ? null : <BagFacts bag={shown} />}
    </>
  );
}

function BagFacts({ bag }: { bag: Bag }) {
  return (
    <Section title={<Id value={bag.bag} keep={48} />} gap>
      <Facts rows="wide">
        <Fact name={text.what}>{bag.sentence}</Fact>
        <Fact name={text.remedy}>{bag.remedy}</Fact>
        {bag.detail === "" ? null : (
          <Fact name={text.detail}>
            <span className="fact">
              <OutsideText text={bag.detail} />
            </span>
          </Fact>
        )}
        {bag.missing.length === 0 ? null : (
          <Fact name={text.missingNumbers}>
            <OutsideText text={bag.missing.join(", ")} />
          </Fact>
        )}
        {bag.createdAt === null ? null : (
          <Fact name={en.transfer.ledger.columns.created}>
            <Time at={bag.createdAt} />
          </Fact>
        )}
      </Facts>
    </Section>
  );
}
