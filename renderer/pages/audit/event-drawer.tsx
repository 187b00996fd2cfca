import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { saveText } from "../../app/files.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Drawer } from "../../ui/drawer.tsx";
import { ExactText } from "../../ui/exact-text.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Time } from "../../ui/time.tsx";
import { Outcome } from "./event-columns.tsx";
import { Inclusion, useProof } from "./inclusion.tsx";

const text = en.audit.detail;

/** One event: what it says, the proof that it is in the log, and the stored bytes that its hash covers. */
export function EventDrawer({ sequence, onClose }: { sequence: number; onClose: () => void }) {
  const shown = useQuery(orpc.audit.show.queryOptions({ input: { sequence } }));
  const event = shown.data;
  const proof = useProof(sequence).data?.proof;
  return (
    <Drawer
      label={text.title(formatCount(sequence))}
      title={text.title(formatCount(sequence))}
      subtitle={event === undefined ? null : <span className="fact dim">{event.action}</span>}
      onClose={onClose}
      footer={
        event === undefined ? undefined : (
          <>
            <Button
              icon={<Download />}
              notYet={proof === undefined ? text.noProofYet : undefined}
              onClick={() => saveText(`event-${sequence}.tlog-proof`, proof ?? "")}
            >
              {text.save}
            </Button>
            <CopyButton text={event.leaf} what={text.leaf} small={false}>
              {text.copy}
            </CopyButton>
          </>
        )
      }
    >
      <Answer query={shown} what={text.failed}>
        {(data) => (
          <>
            <Facts rows="wide">
              <Fact name={text.facts.when}>
                <Time at={data.at} />
              </Fact>
              <Fact name={text.facts.actor}>
                <OutsideText text={data.actor} />
              </Fact>
              <Fact name={text.facts.object}>
                <OutsideText text={data.object} />
              </Fact>
              <Fact name={text.facts.outcome}>
                <Outcome outcome={data.outcome} />
              </Fact>
              <Fact name={text.facts.leafHash}>
                <WholeFact value={data.leafHash} copy={text.facts.leafHash} />
              </Fact>
            </Facts>
            {Object.keys(data.details).length === 0 ? null : (
              <Section title={text.details} caption={text.detailsCaption} gap>
                <Facts rows="wide">
                  {Object.entries(data.details).map(([name, value]) => (
                    <Fact key={name} name={name}>
                      <span className="fact">
                        <OutsideText text={String(value)} />
                      </span>
                    </Fact>
                  ))}
                </Facts>
              </Section>
            )}
            <Inclusion sequence={sequence} />
            <Section title={text.leaf} caption={text.leafCaption} gap>
              <ExactText text={data.leaf} label={text.leaf} />
            </Section>
          </>
        )}
      </Answer>
    </Drawer>
  );
}
