import { en } from "../../../shared/strings/en.ts";
import { readShareLines } from "../../../shared/share-lines.ts";
import { Button } from "../../ui/button.tsx";
import { TextArea } from "../../ui/field.tsx";

const text = en.recovery.shares;

interface ShareFieldsProps {
  readonly shares: readonly string[];
  readonly onChange: (shares: readonly string[]) => void;
}

/** One field a share. A mistyped line is named when the field is left, before anything is sent. */
export function ShareFields({ shares, onChange }: ShareFieldsProps) {
  return (
    <>
      {shares.map((share, index) => (
        <TextArea
          key={index}
          label={text.label(index + 1)}
          note={index === 0 ? text.note : undefined}
          error={faultOf(share)}
          value={share}
          rows={7}
          autoCapitalize="characters"
          onChange={(event) =>
            onChange(shares.map((one, place) => (place === index ? event.target.value : one)))
          }
        />
      ))}
      <div>
        <Button small look="quiet" onClick={() => onChange([...shares, ""])} disabled={shares.length >= 15}>
          {text.more}
        </Button>
      </div>
    </>
  );
}

/** Those that hold something. */
export function filled(shares: readonly string[]): string[] {
  return shares.filter((share) => share.trim() !== "");
}

/** What is wrong in what was typed so far; a last line that is still being typed is no fault yet. */
function faultOf(share: string): string | undefined {
  if (share.trim() === "") return undefined;
  const read = readShareLines(share);
  if (read.fault === null) return undefined;
  const lines = share.split("\n").filter((line) => line.trim() !== "").length;
  if (read.fault.line >= lines && read.fault.why !== "letter") return undefined;
  return text.faults[read.fault.why](read.fault.line);
}
