import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChartColumn, Table as TableIcon } from "lucide-react";
import { useMemo, useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { formatCount, formatDuration } from "../../ui/format.ts";
import { Histogram } from "../../ui/histogram.tsx";
import { usePreferences } from "../../ui/preferences.ts";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time, ZoneName } from "../../ui/time.tsx";
import styles from "./over-time.module.css";

const text = en.audit.overTime;

type Timeline = Awaited<ReturnType<typeof client.audit.timeline>>;
type Bucket = Timeline["buckets"][number];
type Gap = Timeline["gaps"][number];

/** The picture is of what was; a minute old it still is. */
const freshMs = 60_000;
const mostBuckets = 96;

const seconds = (at: string): number => Date.parse(at) / 1000;
const bad = ({ outcomes }: Bucket): number => outcomes.refused + outcomes.failed;
const all = (bucket: Bucket): number => bucket.outcomes.done + bad(bucket);

const columns: readonly Column<Bucket>[] = [
  {
    id: "from",
    head: (
      <>
        {text.columns.from}, <ZoneName />
      </>
    ),
    width: 190,
    strong: true,
    cell: (row) => <Time at={row.from} zone={false} />,
  },
  { id: "all", head: text.columns.all, width: 80, figures: true, cell: (row) => formatCount(all(row)) },
  {
    id: "refused",
    head: text.columns.refused,
    width: 80,
    figures: true,
    cell: (row) => formatCount(row.outcomes.refused),
  },
  {
    id: "failed",
    head: text.columns.failed,
    width: 80,
    figures: true,
    cell: (row) => formatCount(row.outcomes.failed),
  },
  {
    id: "areas",
    head: text.columns.areas,
    cell: (row) =>
      Object.entries(row.areas)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([area, count]) => `${area} ${formatCount(count)}`)
        .join(", "),
  },
];

/** What a search finds, over time: drag or use the keys to narrow it. The same as a table, for whoever can't see it. */
export function OverTime({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const zone = usePreferences((state) => state.zone);
  const [asTable, setAsTable] = useState(false);
  const timeline = useQuery({
    ...orpc.audit.timeline.queryOptions({ input: { query, buckets: mostBuckets } }),
    staleTime: freshMs,
    refetchInterval: freshMs,
    placeholderData: keepPreviousData,
  }).data;
  const buckets = timeline?.buckets;
  const gaps = timeline?.gaps;
  const bars = useMemo(
    () =>
      (buckets ?? []).map((bucket) => ({
        fromSeconds: seconds(bucket.from),
        untilSeconds: seconds(bucket.until),
        all: all(bucket),
        bad: bad(bucket),
      })),
    [buckets],
  );
  const marks = useMemo(
    () =>
      (gaps ?? []).map((gap) => ({
        fromSeconds: Math.min(seconds(gap.from), seconds(gap.until)),
        untilSeconds: Math.max(seconds(gap.from), seconds(gap.until)),
        tone: tones[gap.why],
      })),
    [gaps],
  );
  if (timeline === undefined || timeline.buckets.length === 0) return null;
  const narrow = (first: number, last: number): void => {
    const [from, until] = [timeline.buckets[first], timeline.buckets[last]];
    if (from !== undefined && until !== undefined) onSearch(narrowed(query, from.from, until.until));
  };
  const say = (first: number, last: number): string => {
    const some = timeline.buckets.slice(first, last + 1);
    const sum = (count: (bucket: Bucket) => number): string =>
      formatCount(some.reduce((total, bucket) => total + count(bucket), 0));
    return text.say(some[0]?.from ?? "", some.at(-1)?.until ?? "", sum(all), sum(bad));
  };
  return (
    <section aria-label={text.label} className={styles["over"]}>
      {asTable ? (
        <Table
          label={text.label}
          columns={columns}
          rows={timeline.buckets.filter((bucket) => all(bucket) > 0)}
          rowKey={(row) => row.from}
          onChoose={(row) => onSearch(narrowed(query, row.from, row.until))}
        />
      ) : (
        <Histogram bars={bars} marks={marks} zone={zone} label={text.slider} say={say} onNarrow={narrow} />
      )}
      <div className={styles["foot"]}>
        <p>
          {formatCount(timeline.found)} {text.found}
          {timeline.whole ? null : <> · {text.part(formatCount(timeline.searched?.from ?? 1))}</>}
        </p>
        <Gaps gaps={timeline.gaps} />
        <Button
          small
          look="quiet"
          icon={asTable ? <ChartColumn /> : <TableIcon />}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? text.asPicture : text.asTable}
        </Button>
      </div>
    </section>
  );
}

const tones = { silent: "warn", closed: "quiet", back: "bad" } as const;
const glyphs = { silent: "warn", closed: "off", back: "failed" } as const;

/** What is marked in the picture, in words: how often, and the longest of each. */
function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  return (["silent", "closed", "back"] as const).map((why) => {
    const these = gaps.filter((gap) => gap.why === why);
    const longest = Math.max(0, ...these.map((gap) => Math.abs(seconds(gap.until) - seconds(gap.from))));
    return these.length === 0 ? null : (
      <Status key={why} kind={glyphs[why]}>
        {text.gaps[why](formatCount(these.length), formatDuration(longest))}
      </Status>
    );
  });
}

/** The query with this range of time in place of any it had. */
export function narrowed(query: string, from: string, until: string): string {
  const rest = query.replaceAll(/(^|\s)(since|until):\S+/giu, "$1").trim();
  return `${rest} since:${from} until:${until}`.trim().replaceAll(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, " ");
}
