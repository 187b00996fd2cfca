import { useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { orpc } from "../../rpc.ts";
import { Drawer } from "../../ui/drawer.tsx";
import { ExactText } from "../../ui/exact-text.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { countMarks } from "../../../shared/visible-text.ts";

const text = en.transfer.quarantine;

interface Line {
  readonly batch: string;
  readonly part: string;
  readonly line: number;
}

/** One refused line with its kept bytes, shown as text. */
export function QuarantineDrawer({ line, onClose }: { line: Line; onClose: () => void }) {
  const kept = useQuery(
    orpc.transfer.quarantined.queryOptions({
      input: { batch: line.batch, part: line.part, line: line.line },
    }),
  );
  const title = text.detail(formatCount(line.line));
  return (
    <Drawer title={title} label={title} onClose={onClose}>
      <Answer query={kept} what={title}>
        {(data) => (
          <>
            <Facts rows="wide">
              <Fact name={text.facts.reason}>
                <Status kind="quarantined">{data.reason}</Status>
              </Fact>
              <Fact name={text.what}>{data.sentence}</Fact>
              <Fact name={text.remedy}>{data.remedy}</Fact>
              <Fact name={text.facts.batch}>
                <WholeFact value={line.batch} copy={text.facts.batch} />
              </Fact>
              <Fact name={text.facts.part}>
                <span className="fact">{line.part}</span>
              </Fact>
              <Fact name={text.facts.type}>
                <OutsideText text={data.recordType ?? "–"} />
              </Fact>
              <Fact name={text.facts.id}>
                <OutsideText text={data.recordId ?? "–"} />
              </Fact>
              <Fact name={text.facts.bytes}>{formatBytes(data.bytes)}</Fact>
              <Fact name={text.facts.sha256}>
                <WholeFact value={data.sha256} copy={text.facts.sha256} />
              </Fact>
            </Facts>
            <Section title={text.text} caption={text.textCaption} gap>
              <Marks text={data.text} />
              <ExactText text={data.text} label={text.text} />
            </Section>
          </>
        )}
      </Answer>
    </Drawer>
  );
}

/** Says that a text holds marks that are shown and not obeyed. */
export function Marks({ text: shown }: { text: string }) {
  const marks = countMarks(shown, "\t\n");
  return marks === 0 ? null : <Status kind="warn">{text.marks(formatCount(marks))}</Status>;
}
