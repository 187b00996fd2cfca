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
          <Section title={text.witness} caption={<Status kind="waiting">{text.notWitnessed}</Status>} gap>
            <p className="second">{text.witnessAbout}</p>
          </Section>
        </>
      )}
    </Answer>
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
