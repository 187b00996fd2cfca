import { useMutation, useQuery } from "@tanstack/react-query";
import { DoorOpen, Plus, Search, X } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { markRead, type Crossing } from "../../app/finished.ts";
import { sentenceOf } from "../../app/job-sentence.ts";
import { useRefusal, useSession } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { Columns } from "../../ui/columns.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { formatCount } from "../../ui/format.ts";
import { GatePlan } from "../../ui/gate-plan.tsx";
import { LedgerLegend } from "../../ui/ledger-strip.tsx";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";
import { Steps } from "../../ui/steps.tsx";
import { useNow } from "../../ui/time.tsx";
import { Crossings } from "./crossings.tsx";
import { ExportDialog } from "./export-dialog.tsx";
import { totalWaiting, useGateFacts, type Peer, type Waiting } from "./gate-facts.ts";
import { MediumRoom, OwnRoom, PeerRoom } from "./gate-rooms.tsx";
import { JobDetail } from "./job-detail.tsx";
import { doorsOf, gateSteps, planSteps, splitSentence } from "./job-view.ts";
import { MediumPicker } from "./medium-picker.tsx";
import { useMediumChoice } from "./medium-choice.ts";
import { PeerStrips } from "./peer-strips.tsx";
import styles from "./gate-page.module.css";

const text = en.transfer.gate;

/** The gate: one picture of where bytes are, the steps below it, and what can be done now. */
export function GatePage({ job: asked, exporting }: { job: string | undefined; exporting: boolean }) {
  const facts = useGateFacts(asked);
  const [, navigate] = useLocation();
  const [peerName, setPeerName] = useState<string>();
  const { job, trusted } = facts;
  const peer =
    facts.peers.find((known) => known.name === (job?.peer ?? peerName)) ?? trusted[0] ?? facts.peers[0];
  const waiting = facts.waiting.find((row) => row.peer === peer?.name);
  return (
    <div className={styles["gate"]}>
      {job === undefined ? (
        <IdleSay
          peer={peer}
          waiting={waiting}
          trusted={trusted.length > 0}
          onExport={() => navigate("/transfer/export")}
        />
      ) : (
        <JobSay job={job} />
      )}
      <Plan job={job} peer={peer} waiting={waiting} />
      {job === undefined ? (
        <Columns kind="even">
          <MediumPicker />
          <Crossings jobs={facts.jobs} />
        </Columns>
      ) : (
        <JobDetail job={job} />
      )}
      <Traffic />
      <ExportDialog
        open={exporting}
        peers={trusted}
        waiting={facts.waiting}
        peer={peer?.name ?? ""}
        onPeer={setPeerName}
        onClose={() => navigate("/transfer")}
      />
    </div>
  );
}

function Plan({
  job,
  peer,
  waiting,
}: {
  job: Crossing | undefined;
  peer: Peer | undefined;
  waiting: Waiting | undefined;
}) {
  const { name, side } = useSession();
  const now = useNow();
  const doors = doorsOf(job, side);
  const rooms = {
    [side]: <OwnRoom job={job} waiting={waiting} />,
    [side === "request" ? "response" : "request"]: <PeerRoom peer={peer} />,
  };
  const owner = (of: "request" | "response"): string =>
    text.door(of === side ? name : (peer?.name ?? en.ui.sides[of]));
  return (
    <div>
      <GatePlan
        own={side}
        flow={doors.flow}
        label={text.label[job === undefined || job.kind === "inspect" ? "idle" : job.kind]}
        doors={{
          request: {
            state: doors.states.request,
            word: text.doors[doors.states.request],
            owner: owner("request"),
          },
          response: {
            state: doors.states.response,
            word: text.doors[doors.states.response],
            owner: owner("response"),
          },
        }}
        rooms={{ request: rooms["request"], response: rooms["response"] }}
        medium={<MediumRoom job={job} />}
        steps={job === undefined ? [] : planSteps(job, side)}
      />
      {job === undefined ? null : <Steps steps={gateSteps(job, now)} label={text.steps} />}
    </div>
  );
}

/** Nothing crosses: what waits, and the one thing to do next. */
function IdleSay({
  peer,
  waiting,
  trusted,
  onExport,
}: {
  peer: Peer | undefined;
  waiting: Waiting | undefined;
  trusted: boolean;
  onExport: () => void;
}) {
  const [, navigate] = useLocation();
  const medium = useMediumChoice((choice) => choice.path);
  const role = useRefusal("transfer.export");
  const count = totalWaiting(waiting);
  if (!trusted || peer === undefined) {
    return (
      <Say
        sentence={text.idle}
        actions={
          <Button look="primary" icon={<Plus />} onClick={() => navigate("/transfer/peers")}>
            {text.addPeer}
          </Button>
        }
      >
        {text.idleNoPeer}
      </Say>
    );
  }
  return (
    <Say
      sentence={count === 0 ? text.idle : text.idleWaits(formatCount(count), peer.name)}
      actions={
        <>
          <Button icon={<Search />} onClick={() => navigate("/transfer/inbox")}>
            {text.readMedium}
          </Button>
          <Button
            look="primary"
            icon={<DoorOpen />}
            notYet={role ?? (medium === null ? text.notYet.medium : undefined)}
            onClick={onExport}
          >
            {text.exportTo(peer.name)}
          </Button>
        </>
      }
    >
      {text.idleAbout}
    </Say>
  );
}

const tones = { none: "plain", proved: "proved", done: "plain", warn: "warn", bad: "bad" } as const;
const glyphs = { none: undefined, proved: "proved", done: "done", warn: "warn", bad: "failed" } as const;

/** What is true of this crossing, in one sentence; the last one is large only when it was proved. */
function JobSay({ job }: { job: Crossing }) {
  const [, navigate] = useLocation();
  const cancel = useMutation({ mutationFn: () => client.transfer.cancel({ job: job.job }) });
  const running = job.state === "running";
  const proved = job.verdict === "proved";
  const { head, rest } = splitSentence(sentenceOf(job));
  if (cancel.isError) return <ErrorState failure={toFailure(cancel.error, en.failed.act(text.cancel))} />;
  return (
    <Say
      sentence={proved ? text.last[job.kind] : head}
      tone={tones[job.verdict]}
      last={proved}
      glyph={glyphs[job.verdict]}
      actions={
        running ? (
          <Button icon={<X />} disabled={cancel.isPending} onClick={() => cancel.mutate()}>
            {text.cancel}
          </Button>
        ) : (
          <Button
            look="primary"
            onClick={() => {
              markRead();
              navigate("/transfer");
            }}
          >
            {text.finished}
          </Button>
        )
      }
    >
      {[
        ...(proved && head !== `${text.last[job.kind]}.` ? [head] : []),
        rest,
        running ? text.underAbout : job.remedy,
      ]
        .filter((part) => part !== "")
        .join(" ")}
    </Say>
  );
}

function Traffic() {
  const strips = useQuery(orpc.watch.summary.queryOptions({ input: {} })).data?.strips ?? [];
  if (strips.every((strip) => strip.cells.length === 0)) return null;
  return (
    <Section title={text.ledger} caption={text.ledgerCaption} aside={<LedgerLegend />} gap>
      <Columns kind="even">
        <PeerStrips strips={strips} cells={16} />
      </Columns>
    </Section>
  );
}
