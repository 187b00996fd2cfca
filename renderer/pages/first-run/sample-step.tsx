import { useMutation } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useFirstRun } from "../../app/first-run.ts";
import { useSession } from "../../app/session.ts";
import { client } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { handOver } from "../requests/lines-source.ts";
import { sampleDocuments, sampleRequests, type MachineFacts } from "./sample-data.ts";
import { Stage } from "./stage.tsx";
import styles from "./stage.module.css";

const text = en.firstRun.crossing;

/** Step 4: what the first crossing is made of, and something real to carry; it can be left out. */
export function SampleStep() {
  const { side, directory, name, version, operator } = useSession();
  const [, navigate] = useLocation();
  const make = useMutation({
    mutationFn: async () =>
      side === "request"
        ? await submitSamples(operator, await machineFacts({ directory, name, version }))
        : await loadSamples(),
  });
  const next = (): void => useFirstRun.setState({ step: "done" });
  const leave = (path: string): void => {
    useFirstRun.setState({ step: null });
    navigate(path);
  };
  return (
    <Stage
      title={text.title}
      about={text.about}
      back={
        <Button look="quiet" onClick={() => leave(side === "request" ? "/requests/new" : "/transfer/inbox")}>
          {text.own[side]}
        </Button>
      }
      actions={
        make.isSuccess ? (
          <Button look="primary" onClick={next}>
            {en.firstRun.next}
            <ArrowRight />
          </Button>
        ) : (
          <>
            <Button onClick={next}>{text.leaveOut}</Button>
            <Button look="primary" disabled={make.isPending} onClick={() => make.mutate()}>
              {make.isPending ? text.making : text.make[side]}
            </Button>
          </>
        )
      }
    >
      <ol className={styles["list"]}>
        {text[side].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <Section title={text.sample[side].title} caption={text.sample[side].caption}>
        <ul className={styles["facts"]}>
          {text.sample[side].rows.map(([what, how]) => (
            <li key={what}>
              <b>{what}</b>
              <span>{how}</span>
            </li>
          ))}
        </ul>
        {make.data === undefined ? null : (
          <output className={styles["say"]}>
            <Status kind="done">{text.made[side](formatCount(make.data))}</Status>
          </output>
        )}
        {make.isError ? <ErrorState failure={toFailure(make.error, en.failed.act(text.failed))} /> : null}
      </Section>
    </Stage>
  );
}

async function machineFacts(known: {
  readonly directory: string;
  readonly name: string;
  readonly version: string;
}): Promise<MachineFacts> {
  const [disk, summary] = await Promise.all([
    client.media.look({ medium: known.directory }),
    client.watch.summary({}),
  ]);
  return {
    station: known.name,
    version: known.version,
    at: new Date().toISOString(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    processors: navigator.hardwareConcurrency,
    fileSystem: disk.fileSystem,
    freeBytes: disk.freeBytes,
    auditEvents: summary.auditEvents,
  };
}

async function submitSamples(user: string, facts: MachineFacts): Promise<number> {
  let submitted = 0;
  for (const { kind, bodies } of sampleRequests(facts)) {
    const { ids } = await client.requests.submit({ kind, user, source: await handOver(linesOf(bodies)) });
    submitted += ids.length;
  }
  return submitted;
}

async function loadSamples(): Promise<number> {
  const { loaded, unchanged } = await client.documents.load({
    source: await handOver(linesOf(sampleDocuments())),
  });
  return loaded + unchanged;
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
