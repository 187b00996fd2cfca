import { useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { orpc } from "../../rpc.ts";
import { shortenHash, formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { Time } from "../../ui/time.tsx";
import styles from "./inclusion.module.css";

const text = en.audit.proof;

/** The proof that an event is in the log: its way to the root, and the checkpoint that signs that root. */
export function Inclusion({ sequence }: { sequence: number }) {
  const proved = useProof(sequence);
  return (
    <Answer query={proved} what={text.failed}>
      {(data) => (
        <>
          <Section
            title={text.inclusion}
            caption={<Status kind="proved">{text.inTree}</Status>}
            aside={<span className="dim small">{text.recomputed}</span>}
            gap
          >
            <ol className={styles["path"]}>
              <li className={styles["leaf"]}>
                <span className="dim">{text.leaf}</span>
                <span>{formatCount(sequence)}</span>
                <Digits hash={data.leafHash} />
              </li>
              {data.path.map((step, at) => (
                <li key={step.hash}>
                  <span className="dim">{at + 1}</span>
                  <span className="second">{text.sides[step.side]}</span>
                  <Digits hash={step.hash} />
                </li>
              ))}
              <li className={styles["root"]}>
                <span className="dim">{text.root}</span>
                <span />
                <Digits hash={data.root} />
                <Status kind="proved">{text.same}</Status>
              </li>
            </ol>
          </Section>
          <Section
            title={text.checkpoint}
            caption={<Status kind="proved">{text.signed(formatCount(data.events))}</Status>}
            aside={<Time at={data.signedAt} />}
            gap
          >
            <pre className={styles["note"]}>{data.note}</pre>
          </Section>
          <WitnessedBy sequence={sequence} />
        </>
      )}
    </Answer>
  );
}

/** Which peers have cosigned a head of the log that holds the event. */
function WitnessedBy({ sequence }: { sequence: number }) {
  const { data } = useQuery(orpc.peers.logs.queryOptions({ input: {} }));
  const peers = data?.logs.filter(({ ours }) => ours.witnessedEvents >= sequence) ?? [];
  const caption =
    peers.length === 0 ? (
      <Status kind="waiting">{text.notWitnessed}</Status>
    ) : (
      <Status kind="proved">{text.witnessedBy(peers.map(({ peer }) => peer).join(", "))}</Status>
    );
  return (
    <Section title={text.witness} caption={caption} gap>
      {peers.length === 0 ? <p className="second">{text.witnessAbout}</p> : null}
      {peers.map(({ peer, ours }) => (
        <p key={peer} className="second">
          {text.witnessedUpTo(peer, formatCount(ours.witnessedEvents))}
          {ours.witnessedAt === null ? null : <Time at={ours.witnessedAt} />}
        </p>
      ))}
    </Section>
  );
}

/** The proof of an event; asked once, because a proof stays true. */
export function useProof(sequence: number) {
  return useQuery({
    ...orpc.audit.prove.queryOptions({ input: { sequence } }),
    staleTime: Infinity,
  });
}

function Digits({ hash }: { hash: string }) {
  return (
    <span className="fact" title={hash}>
      {shortenHash(hash)}
    </span>
  );
}
