import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { saveText } from "../../app/files.ts";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { PhraseWords } from "../../ui/phrase-words.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { Section } from "../../ui/section.tsx";
import { StationTag } from "../../ui/side.tsx";
import styles from "./own-card.module.css";

const text = en.transfer.peers;

/** Our card: its eight words to be read aloud, and the file to be carried over. */
export function OwnCard() {
  const { name, side, station } = useSession();
  const card = useQuery(orpc.station.card.queryOptions({ input: {} }));
  return (
    <Section
      title={
        <>
          {text.readAloud} <StationTag name={name} side={side} />
        </>
      }
      caption={text.ownWords}
    >
      <Answer query={card} what={text.own}>
        {(data) => (
          <>
            <PhraseWords words={data.phrase.split(" ")} />
            <div className={styles["card"]}>
              <Facts rows="wide">
                <Fact name={text.facts.station}>
                  <WholeFact value={station} copy={text.facts.station} />
                </Fact>
                <Fact name={text.facts.key}>
                  <WholeFact value={data.fingerprint} copy={text.facts.key} />
                </Fact>
                <Fact name={text.facts.recipient}>
                  <WholeFact value={data.ageRecipient} copy={text.facts.recipient} />
                </Fact>
                <Fact name={text.facts.serial}>{data.serial}</Fact>
              </Facts>
              <QrCode text={data.card} what={text.qr} />
            </div>
            <div className={styles["actions"]}>
              <Button icon={<Download />} onClick={() => saveText(`${name}.card`, data.card)}>
                {text.saveCard}
              </Button>
              <CopyButton text={data.card} what={text.own} small={false}>
                {text.copyCard}
              </CopyButton>
            </div>
          </>
        )}
      </Answer>
    </Section>
  );
}
