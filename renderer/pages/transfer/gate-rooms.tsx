import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { en } from "../../../shared/strings/en.ts";
import type { Crossing } from "../../app/finished.ts";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Fingerprint, Id } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { PartCells } from "../../ui/part-cells.tsx";
import { otherSide, StationTag } from "../../ui/side.tsx";
import { useMediumFacts } from "./medium-picker.tsx";
import { partCells, progressOf } from "./job-view.ts";
import type { Peer, Waiting } from "./gate-facts.ts";
import styles from "./gate-rooms.module.css";

const text = en.transfer.gate;

/** Our room: who we are, what we hold for the peer. */
export function OwnRoom({ job, waiting }: { job: Crossing | undefined; waiting: Waiting | undefined }) {
  const { name, side } = useSession();
  const fingerprint = useQuery(orpc.station.show.queryOptions({ input: {} })).data?.fingerprint;
  return (
    <>
      <h3>
        <StationTag name={name} side={side} size={12} />
        <small>{text.here(en.ui.sides[side])}</small>
      </h3>
      <Facts>
        {fingerprint === undefined ? null : (
          <Fact name={text.facts.key}>
            <Fingerprint value={fingerprint} />
          </Fact>
        )}
        {job === undefined ? <WaitingFacts waiting={waiting} /> : <JobFacts job={job} />}
      </Facts>
    </>
  );
}

function WaitingFacts({ waiting }: { waiting: Waiting | undefined }) {
  if (waiting === undefined) return null;
  return (
    <Fact name={text.facts.waits}>
      {text.carry(
        formatCount(waiting.requests),
        formatCount(waiting.responses),
        formatCount(waiting.receipts),
      )}
    </Fact>
  );
}

function JobFacts({ job }: { job: Crossing }) {
  return (
    <>
      {job.sequence === null ? null : (
        <Fact name={text.facts.batch}>
          <b>{formatCount(job.sequence)}</b>{" "}
          <span className="dim">{job.peer === null ? "" : text.batchWith[job.kind](job.peer)}</span>
        </Fact>
      )}
      {job.records === 0 ? null : (
        <Fact name={text.facts.holds}>{text.records(formatCount(job.records))}</Fact>
      )}
      {job.bytes === 0 ? null : <Fact name={text.facts.sealed}>{formatBytes(job.bytes)}</Fact>}
    </>
  );
}

/** The peer's room, as far as we know it by its card and its receipts. */
export function PeerRoom({ peer }: { peer: Peer | undefined }) {
  const { side } = useSession();
  if (peer === undefined) {
    return (
      <>
        <h3>
          <span className="dim">{text.noPeer}</span>
        </h3>
        <Facts>
          <Fact name={text.facts.next}>{text.noPeerNote}</Fact>
        </Facts>
      </>
    );
  }
  return (
    <>
      <h3>
        <StationTag name={peer.name} side={otherSide(side)} size={12} />
        <small>
          {en.ui.sides[otherSide(side)]}, {en.transfer.peers.states[peer.state]}
        </small>
      </h3>
      <Facts>
        <Fact name={text.facts.key}>
          <Fingerprint value={peer.fingerprint} />
        </Fact>
        <Fact name={text.facts.expects}>{text.expectsOut(formatCount(peer.nextOut))}</Fact>
        <Fact name={text.facts.next}>{text.expectsIn(formatCount(peer.nextIn))}</Fact>
      </Facts>
    </>
  );
}

/** The medium between the doors: what it is, and one cell a part. */
export function MediumRoom({ job }: { job: Crossing | undefined }) {
  const { path, facts } = useMediumFacts();
  const shown = job?.medium ?? path;
  return (
    <>
      <h3>
        <span className={styles["name"]} title={shown ?? undefined}>
          {shown === null ? (
            <span className="dim">{text.chooseMedium}</span>
          ) : (
            <OutsideText text={lastOf(shown)} />
          )}
        </span>
        {shown === null ? null : (
          <small className="fact">
            <OutsideText text={shown} />
          </small>
        )}
      </h3>
      {job === undefined ? <IdleMedium facts={facts} /> : <BusyMedium job={job} />}
    </>
  );
}

function IdleMedium({
  facts,
}: {
  facts: { readonly fileSystem: string; readonly freeBytes: number; readonly sentence: string } | undefined;
}) {
  if (facts === undefined) return null;
  return (
    <>
      <Facts>
        <Fact name={text.facts.medium}>{facts.fileSystem}</Fact>
        <Fact name={text.facts.free}>{formatBytes(facts.freeBytes)}</Fact>
      </Facts>
      <p className={styles["sentence"]}>{facts.sentence}</p>
    </>
  );
}

function BusyMedium({ job }: { job: Crossing }) {
  const progress = progressOf(job);
  const amount: ReactNode = (job.kind === "export" ? text.synced : text.read)(
    formatBytes(progress.doneBytes),
    formatBytes(progress.totalBytes),
  );
  return (
    <>
      <Facts>
        {job.batch === null ? null : (
          <Fact name={text.facts.volume}>
            <Id value={job.batch} keep={30} />
          </Fact>
        )}
      </Facts>
      {job.parts.length === 0 ? null : (
        <>
          <PartCells
            parts={partCells(job)}
            label={text.partsDone(formatCount(progress.doneParts), formatCount(job.parts.length))}
          />
          <div className={styles["caption"]}>
            <span className="figure">{amount}</span>
            <span className="dim figure">
              {text.partsDone(formatCount(progress.doneParts), formatCount(job.parts.length))}
            </span>
          </div>
        </>
      )}
    </>
  );
}

/** The last name of a path, as a person calls the stick. */
function lastOf(path: string): string {
  return path.split(/[\\/]/).findLast((name) => name !== "") ?? path;
}
