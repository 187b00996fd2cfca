import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import type { Job } from "../../app/live.ts";
import { ratePoints } from "../../app/rates.ts";
import { Columns } from "../../ui/columns.tsx";
import { Hash } from "../../ui/fact.tsx";
import { formatCount } from "../../ui/format.ts";
import { RateChart } from "../../ui/rate-chart.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { partStatus, progressOf } from "./job-view.ts";

const text = en.transfer.gate;

type Row = Job["parts"][number] & { readonly place: number; readonly status: ReturnType<typeof partStatus> };

const columns: readonly Column<Row>[] = [
  { id: "number", head: "#", width: 40, figures: true, cell: (part) => formatCount(part.place) },
  {
    id: "name",
    head: text.partColumns.name,
    width: 188,
    strong: true,
    cell: (part) => <span className="fact">{part.name.replace(/^data\//, "")}</span>,
  },
  {
    id: "bytes",
    head: text.partColumns.bytes,
    width: 100,
    figures: true,
    cell: (part) => formatCount(part.bytes),
  },
  {
    id: "sha256",
    head: text.partColumns.sha256,
    width: 200,
    cell: (part) => <Hash value={part.sha256} />,
    copy: (part) => part.sha256,
  },
  {
    id: "state",
    head: text.partColumns.state,
    cell: (part) => <Status kind={part.status.kind}>{part.status.word}</Status>,
  },
];

/** Rows around the part that is under way. */
const fewRows = 7;
/** More than this is for the command line. */
const manyRows = 500;

/** The parts of a crossing, and how fast bytes got past the medium. */
export function JobDetail({ job }: { job: Job }) {
  const [all, setAll] = useState(false);
  const { doneParts } = progressOf(job);
  const parts = job.parts.map((part, place) => ({
    ...part,
    place: place + 1,
    status: partStatus(part, job),
  }));
  const now = placeUnderWay(job);
  const from = Math.max(0, Math.min(now < 0 ? 0 : now - 3, parts.length - fewRows));
  const shown = all ? parts.slice(0, manyRows) : parts.slice(from, from + fewRows);
  if (parts.length === 0 && ratePoints(job.job).length === 0) return null;
  return (
    <Columns kind="aside">
      <Section
        title={text.partsTitle}
        caption={text.partsCaption(formatCount(parts.length - doneParts), formatCount(doneParts))}
        aside={
          parts.length <= fewRows ? undefined : (
            <button type="button" className="under" onClick={() => setAll(!all)}>
              {all ? text.showFew : text.showAll(formatCount(parts.length))}
            </button>
          )
        }
      >
        <Table
          label={text.partsTitle}
          columns={columns}
          rows={shown}
          rowKey={(part) => part.name}
          chosen={parts[now]?.name}
          tone={(part) => (part.state === "missing" || part.state === "damaged" ? "lack" : "plain")}
        />
      </Section>
      <Rate job={job} />
    </Columns>
  );
}

/** The part that bytes are passing of: the one being copied, or the first that is not checked yet. -1 at rest. */
function placeUnderWay({ state, parts }: Job): number {
  const copying = parts.findIndex((part) => part.state === "copying");
  if (copying >= 0 || state !== "running" || !parts.some((part) => part.state === "checked")) return copying;
  return parts.findIndex((part) => part.state === "waiting");
}

function Rate({ job }: { job: Job }) {
  const points = ratePoints(job.job);
  const caption = job.kind === "export" ? text.rateCaption : text.rateCaptionRead;
  const rates = points.map((point) => point.mebibytesPerSecond);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return (
    <Section
      title={text.rate}
      caption={caption}
      aside={
        points.length < 2 ? undefined : (
          <span className="figure second">
            {job.state === "running" ? `${text.rateNow((rates.at(-1) ?? 0).toFixed(1))}, ` : null}
            {text.rateMean(mean.toFixed(1))}
          </span>
        )
      }
    >
      {points.length < 2 ? (
        <p className="dim small">{job.state === "running" ? text.noRate : text.noRateSeen}</p>
      ) : (
        <RateChart points={points} label={caption} />
      )}
    </Section>
  );
}
