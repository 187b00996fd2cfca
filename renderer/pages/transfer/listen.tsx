import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { TickedWords } from "../../ui/phrase-words.tsx";
import { Section } from "../../ui/section.tsx";
import { StationTag, type Side } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import styles from "./listen.module.css";

const text = en.transfer.peers;

interface ListenProps {
  readonly peer: { readonly name: string; readonly side: Side };
  /** Set where something stands above it. */
  readonly below?: boolean;
}

/** The words of the card received: a person ticks each one as it is heard, and only then can it be trusted. */
export function Listen({ peer, below = false }: ListenProps) {
  const phrase = useQuery(orpc.peers.phrase.queryOptions({ input: { peer: peer.name } }));
  const [ticked, setTicked] = useState<readonly boolean[]>(Array.from({ length: 8 }, () => false));
  const heard = ticked.filter(Boolean).length;
  const role = useRefusal("peers.manage");
  const trust = useMutation({
    mutationFn: (words: string) => client.peers.trust({ peer: peer.name, phrase: words }),
  });
  const revoke = useMutation({ mutationFn: () => client.peers.revoke({ peer: peer.name }) });
  const failed = trust.error ?? revoke.error;
  return (
    <Section
      title={
        <>
          {text.listen} <StationTag name={peer.name} side={peer.side} />
        </>
      }
      caption={text.listenCaption}
      aside={<b>{text.heard(heard)}</b>}
      gap={below}
    >
      <Answer query={phrase} what={text.listenCaption}>
        {(data) => (
          <>
            <TickedWords
              words={data.phrase.split(" ")}
              ticked={ticked}
              onTick={(place, is) => setTicked(ticked.map((was, at) => (at === place ? is : was)))}
            />
            {failed === null ? null : (
              <ErrorState failure={toFailure(failed, en.failed.act(text.trustFailed))} />
            )}
            <div className={styles["actions"]}>
              <Button notYet={role} disabled={revoke.isPending} onClick={() => revoke.mutate()}>
                {text.differ}
              </Button>
              <Button
                look="primary"
                notYet={role ?? (heard === 8 ? undefined : text.trustNotYet)}
                disabled={trust.isPending}
                onClick={() => trust.mutate(data.phrase)}
              >
                {text.trust}
              </Button>
            </div>
          </>
        )}
      </Answer>
      <ul className={styles["what"]}>
        <li>
          <Status kind="done">{text.whatAll}</Status>
          <span>{text.whatAllText(peer.name)}</span>
        </li>
        <li>
          <Status kind="off">{text.whatDiffer}</Status>
          <span>{text.whatDifferText}</span>
        </li>
        <li>
          <Status kind="held">{text.whatLater}</Status>
          <span>{text.whatLaterText}</span>
        </li>
      </ul>
    </Section>
  );
}
