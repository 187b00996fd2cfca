import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { sentenceOf } from "../../app/job-sentence.ts";
import type { Job } from "../../app/live.ts";
import type { StatusKind } from "../../ui/glyph.tsx";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";

const text = en.transfer.gate;

const ended: Record<Job["verdict"], StatusKind> = {
  none: "done",
  proved: "proved",
  done: "done",
  warn: "warn",
  bad: "failed",
};

function kindOf(job: Job): StatusKind {
  if (job.state === "running") return "running";
  return job.state === "done" ? ended[job.verdict] : "failed";
}

const columns: readonly Column<Job>[] = [
  {
    id: "state",
    head: en.transfer.ledger.columns.state,
    width: 92,
    cell: (job) => <Status kind={kindOf(job)}>{text.jobStates[job.state]}</Status>,
  },
  { id: "kind", head: en.transfer.ledger.columns.way, width: 60, cell: (job) => text.kinds[job.kind] },
  {
    id: "sentence",
    head: text.crossings,
    strong: true,
    cell: (job) => <OutsideText text={sentenceOf(job)} />,
  },
  {
    id: "at",
    head: en.transfer.ledger.columns.created,
    width: 96,
    cell: (job) => <Time at={job.startedAt} show="clock" />,
  },
];

/** What ran and what runs; finished work stays listed. */
export function Crossings({ jobs }: { jobs: readonly Job[] }) {
  const [, navigate] = useLocation();
  return (
    <Section title={text.crossings} caption={text.crossingsCaption}>
      {jobs.length === 0 ? (
        <p className="dim small">{en.ui.foot.idle}</p>
      ) : (
        <Table
          label={text.crossings}
          columns={columns}
          rows={jobs.slice(0, 8)}
          rowKey={(job) => job.job}
          onChoose={(job) => navigate(`/transfer/job/${job.job}`)}
        />
      )}
    </Section>
  );
}
