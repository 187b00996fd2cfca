import { useMutation, useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { AskDialog } from "../../app/ask-dialog.tsx";
import { sentenceOf } from "../../app/job-sentence.ts";
import type { Job } from "../../app/live.ts";
import { useRefusal, useSession } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns, Stack } from "../../ui/columns.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount, formatDuration, formatPercent } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Progress } from "../../ui/progress.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Table, type Column } from "../../ui/table.tsx";
import { Time, useNow } from "../../ui/time.tsx";
import { useMediumChoice } from "../transfer/medium-choice.ts";
import { MediumPicker } from "../transfer/medium-picker.tsx";
import { ReviewSection } from "./review-section.tsx";
import styles from "./station-page.module.css";

const text = en.backup;

type Backup = Awaited<ReturnType<typeof client.station.backups>>["backups"][number];

/** A backup is due after this (STIG V-222506: every seven days, elsewhere). */
const dueSeconds = 7 * 24 * 3600;

/** The last backup, the next one, and after a restore the review. */
export function BackupPage() {
  const backups = useQuery(orpc.station.backups.queryOptions({ input: {} }));
  const review = useQuery(orpc.station.review.queryOptions({ input: {} }));
  const jobs = useQuery(orpc.transfer.jobs.queryOptions({ input: {} })).data?.jobs ?? [];
  const running = jobs.find(
    (job) => job.state === "running" && (job.kind === "backup" || job.kind === "check"),
  );
  const check = useMutation({ mutationFn: (from: string) => client.station.checkBackup({ from }) });
  const restore = review.data?.restore ?? null;
  const reviewing = restore !== null && restore.reviewedAt === null;
  return (
    <Answer query={backups} what={text.failed}>
      {({ backups: made }) => (
        <>
          <Head
            last={made[0]}
            running={running}
            reviewing={reviewing}
            check={(from) => check.mutateAsync(from)}
          />
          <Stack>
            {running === undefined ? null : <Running job={running} />}
            {review.data !== undefined && reviewing ? <ReviewSection review={review.data} /> : null}
            {check.data === undefined ? null : <Checked found={check.data} />}
            <Columns kind="aside">
              <Stack>
                <Section title={text.made} caption={text.madeCaption}>
                  {made.length === 0 ? (
                    <EmptyState title={text.none} about={text.noneAbout} />
                  ) : (
                    <Table
                      label={text.made}
                      columns={columns}
                      rows={made}
                      rowKey={(row) => row.manifestSha256}
                    />
                  )}
                </Section>
                <MediumPicker />
              </Stack>
              <Stack>
                <Section title={text.who}>
                  <p className={styles["note"]}>{text.whoAbout}</p>
                </Section>
                <Section title={text.when}>
                  <p className={styles["note"]}>{text.whenAbout}</p>
                </Section>
              </Stack>
            </Columns>
          </Stack>
        </>
      )}
    </Answer>
  );
}

interface HeadProps {
  readonly last: Backup | undefined;
  readonly running: Job | undefined;
  readonly reviewing: boolean;
  readonly check: (from: string) => Promise<unknown>;
}

/** One element whatever is true, so that a dialog that waits for its work stays. */
function Head({ last, running, reviewing, check }: HeadProps) {
  const now = useNow(30_000);
  const { sentence, about, warns } = headOf(last, running, reviewing, now);
  const glyph = running === undefined ? (warns ? "warn" : undefined) : "running";
  return (
    <Say
      sentence={sentence}
      tone={warns ? "warn" : "plain"}
      glyph={glyph}
      actions={<Actions check={check} />}
    >
      {about}
    </Say>
  );
}

function headOf(last: Backup | undefined, running: Job | undefined, reviewing: boolean, nowMs: number) {
  const { say } = text;
  if (running !== undefined) {
    return {
      sentence: running.kind === "backup" ? say.running : say.checking,
      about: say.goesOn,
      warns: false,
    };
  }
  if (reviewing) return { sentence: say.review, about: say.reviewAbout, warns: true };
  if (last === undefined) return { sentence: say.never, about: say.neverAbout, warns: true };
  const seconds = (nowMs - Date.parse(last.madeAt)) / 1000;
  const due = seconds > dueSeconds;
  return {
    sentence: say.last(formatDuration(seconds)),
    about: due ? say.old : last.sameDisk ? say.sameDisk : say.lastAbout,
    warns: due || last.sameDisk,
  };
}

function Actions({ check }: { check: (from: string) => Promise<unknown> }) {
  const { name } = useSession();
  const medium = useMediumChoice((choice) => choice.path);
  const role = useRefusal("station.manage");
  const notYet = role ?? (medium === null ? text.notYet : undefined);
  const place = (label: string) => (
    <Facts rows="wide">
      <Fact name={label}>
        <span className="fact">
          <OutsideText text={medium ?? ""} />
        </span>
      </Fact>
    </Facts>
  );
  return (
    <>
      <AskDialog
        button={text.now}
        notYet={notYet}
        title={text.nowTitle(name)}
        consequence={text.nowConsequence}
        act={text.now}
        failed={text.nowFailed}
        run={() => client.station.backup({ out: medium ?? "" })}
      >
        {place(text.nowOnto)}
      </AskDialog>
      <AskDialog
        button={text.check}
        notYet={notYet}
        title={text.checkTitle}
        consequence={text.checkConsequence}
        act={text.check}
        failed={text.checkFailed}
        run={() => check(medium ?? "")}
      >
        {place(text.checkFrom)}
      </AskDialog>
    </>
  );
}

function Checked({ found }: { found: Awaited<ReturnType<typeof client.station.checkBackup>> }) {
  const words = text.checked;
  return (
    <Section
      title={<Status kind="proved">{words.title}</Status>}
      caption={words.caption}
      label={words.title}
      gap
    >
      <Facts rows="wide">
        <Fact name={words.station}>
          {found.name} <span className="fact">{found.station}</span>
        </Fact>
        <Fact name={words.made}>
          <Time at={found.madeAt} />
        </Fact>
        <Fact name={words.log}>
          {words.events(formatCount(found.events))} <span className="fact">{found.root}</span>
        </Fact>
        <Fact name={words.opens}>{found.openedBy.join(", ")}</Fact>
        {found.noLonger.length === 0 ? null : (
          <Fact name={words.noLonger}>
            <Status kind="warn">{found.noLonger.join(", ")}</Status>{" "}
            <span className="small second">{words.noLongerNote}</span>
          </Fact>
        )}
      </Facts>
    </Section>
  );
}

function Running({ job }: { job: Job }) {
  const step = job.steps.find((candidate) => candidate.state === "running");
  const role = useRefusal("station.manage");
  const stop = useMutation({ mutationFn: () => client.transfer.cancel({ job: job.job }) });
  return (
    <Section
      title={sentenceOf(job)}
      caption={
        step === undefined || step.totalBytes === 0 ? "" : formatPercent(step.doneBytes, step.totalBytes)
      }
      aside={
        <Button small notYet={role} disabled={stop.isPending} onClick={() => stop.mutate()}>
          {text.stop}
        </Button>
      }
      gap
    >
      {step === undefined ? null : (
        <Progress done={step.doneBytes} total={step.totalBytes} label={sentenceOf(job)} />
      )}
    </Section>
  );
}

const columns: readonly Column<Backup>[] = [
  { id: "at", head: text.columns.at, width: 176, strong: true, cell: (row) => <Time at={row.madeAt} /> },
  { id: "size", head: text.columns.size, width: 76, figures: true, cell: (row) => formatBytes(row.bytes) },
  {
    id: "events",
    head: text.columns.events,
    width: 70,
    figures: true,
    cell: (row) => formatCount(row.events),
  },
  {
    id: "where",
    head: text.columns.where,
    cell: (row) => (
      <span className="fact" title={row.folder}>
        <OutsideText text={row.folder} />
      </span>
    ),
    copy: (row) => row.folder,
  },
  {
    id: "here",
    head: text.columns.here,
    width: 100,
    cell: (row) =>
      row.sameDisk ? (
        <Status kind="warn">{text.thisDisk}</Status>
      ) : (
        <span className="dim">{row.here ? text.here : text.away}</span>
      ),
  },
  {
    id: "checked",
    head: text.columns.checked,
    width: 176,
    cell: (row) =>
      row.checkedAt === null ? <span className="dim">{text.neverChecked}</span> : <Time at={row.checkedAt} />,
  },
];
