import { useQuery } from "@tanstack/react-query";
import { ArrowRight, Plus } from "lucide-react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useFirstRun } from "../../app/first-run.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Section } from "../../ui/section.tsx";
import { StationTag, type Side } from "../../ui/side.tsx";
import { Status } from "../../ui/status.tsx";
import { CardField, useAddCard } from "../transfer/add-card-dialog.tsx";
import { Listen } from "../transfer/listen.tsx";
import { OwnCard } from "../transfer/own-card.tsx";
import { PeerFacts, type PeerRow } from "../transfer/peer-detail.tsx";
import { Stage } from "./stage.tsx";
import styles from "./stage.module.css";

const text = en.transfer.peers;
const next = (): void => useFirstRun.setState({ step: "crossing" });

/** Step 3: cards over, words aloud. The request side's words stand left, as on every map. */
export function PairStep({ side }: { side: Side }) {
  const peers = useQuery(orpc.peers.list.queryOptions({ input: {} })).data?.peers ?? [];
  const pending = peers.find((peer) => peer.state === "pending");
  const trusted = peers.find((peer) => peer.state === "trusted");
  const head = headOf(pending?.name, trusted?.name);
  const theirs = (
    <div key="theirs">
      {pending !== undefined ? (
        <Listen key={pending.name} peer={pending} />
      ) : trusted !== undefined ? (
        <Trusted peer={trusted} />
      ) : (
        <AddCard />
      )}
    </div>
  );
  const ours = (
    <div key="ours">
      <OwnCard />
    </div>
  );
  return (
    <Stage
      title={head.title}
      about={head.about}
      actions={
        trusted === undefined ? (
          <Button look="quiet" onClick={next}>
            {en.firstRun.later}
          </Button>
        ) : (
          <Button look="primary" onClick={next}>
            {en.firstRun.next}
            <ArrowRight />
          </Button>
        )
      }
    >
      <div className={styles["pair"]}>{side === "request" ? [ours, theirs] : [theirs, ours]}</div>
    </Stage>
  );
}

function headOf(
  pending: string | undefined,
  trusted: string | undefined,
): { readonly title: string; readonly about: string } {
  if (pending !== undefined) return { title: text.pairTitle(pending), about: text.pairAbout };
  if (trusted !== undefined) return { title: text.trustedHere(trusted), about: text.trustedAbout };
  return { title: text.empty, about: text.emptyAbout };
}

function AddCard() {
  const { card, setCard, add } = useAddCard(() => {});
  return (
    <Section title={text.addTitle}>
      <CardField card={card} onCard={setCard} />
      <p className={styles["say"]}>
        <Button
          look="primary"
          icon={<Plus />}
          disabled={card.trim() === "" || add.isPending}
          onClick={() => add.mutate()}
        >
          {text.addConfirm}
        </Button>
      </p>
      {add.isError ? <ErrorState failure={toFailure(add.error, en.failed.act(text.addFailed))} /> : null}
    </Section>
  );
}

function Trusted({ peer }: { peer: PeerRow }) {
  return (
    <Section
      title={<StationTag name={peer.name} side={peer.side} />}
      aside={<Status kind="proved">{text.states.trusted}</Status>}
    >
      <PeerFacts peer={peer} />
    </Section>
  );
}
