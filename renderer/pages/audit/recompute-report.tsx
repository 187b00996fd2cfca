import { useMutation } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { client } from "../../rpc.ts";
import { ErrorState } from "../../ui/error-state.tsx";
import { WholeFact } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { FileButton } from "../../ui/file-button.tsx";
import { formatCount } from "../../ui/format.ts";
import { Say } from "../../ui/say.tsx";
import { Section } from "../../ui/section.tsx";

const text = en.audit.reports.recompute;

/** A report that somebody kept, against what comes out of the log now. */
export function RecomputeReport() {
  const compare = useMutation({
    mutationFn: async (file: File) => client.reports.recompute({ html: await file.text() }),
  });
  const result = compare.data;
  return (
    <Section title={text.title} caption={text.caption} gap>
      <FileButton label={text.choose} accept=".html,text/html" onFile={(file) => compare.mutate(file)} />
      {compare.isError ? <ErrorState failure={toFailure(compare.error, en.failed.act(text.title))} /> : null}
      {result === undefined ? null : (
        <>
          <Say
            sentence={result.same ? text.same : text.differs}
            tone={result.same ? "proved" : "bad"}
            glyph={result.same ? "proved" : "failed"}
          >
            {en.reports.titles[result.kind]}, {text.madeFrom(formatCount(result.events))}{" "}
            {result.same
              ? null
              : result.purgedSince > 0
                ? text.purged(formatCount(result.purgedSince))
                : text.line(formatCount(result.firstDifference ?? 0))}
          </Say>
          <Facts rows="wide">
            <Fact name={text.file}>
              <WholeFact value={result.sha256} copy={text.file} />
            </Fact>
            <Fact name={text.log}>
              <WholeFact value={result.sha256Now} copy={text.log} />
            </Fact>
          </Facts>
        </>
      )}
    </Section>
  );
}
