import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { en } from "../../../shared/strings/en.ts";
import { toFailure } from "../../app/failure.ts";
import { useRefusal } from "../../app/session.ts";
import { client, orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Hash } from "../../ui/fact.tsx";
import { formatCount } from "../../ui/format.ts";
import { Progress } from "../../ui/progress.tsx";
import { Say } from "../../ui/say.tsx";
import { Ruler } from "./ruler.tsx";

const text = en.audit;
/** While a verification runs, its progress is asked for. */
const progressMs = 400;

/** One sentence about the whole log, how far it is verified and signed, and the button that proves it again. */
export function Standing({ start }: { start: boolean }) {
  const queries = useQueryClient();
  const refusal = useRefusal("audit.read");
  const verify = useMutation({
    mutationFn: () => client.audit.verify({}),
    onSettled: () => queries.invalidateQueries({ queryKey: orpc.audit.key() }),
  });
  const standing = useQuery({
    ...orpc.audit.standing.queryOptions({ input: {} }),
    refetchInterval: verify.isPending ? progressMs : false,
  }).data;
  const { mutate } = verify;
  useEffect(() => {
    if (start) mutate();
  }, [start, mutate]);
  const button = (
    <Button
      look="primary"
      icon={<ShieldCheck />}
      notYet={refusal}
      disabled={verify.isPending}
      onClick={() => mutate()}
    >
      {text.verify}
    </Button>
  );
  if (verify.isError) {
    const failure = toFailure(verify.error, en.failed.act(text.verifyFailed));
    return <ErrorState failure={failure} actions={button} />;
  }
  const events = standing?.events ?? 0;
  return (
    <>
      <Sentence result={verify.data} pending={verify.isPending} events={events} button={button} />
      {verify.isPending && standing !== undefined && standing.verifying !== null ? (
        <Progress
          thin
          label={text.say.checking}
          done={standing.verifying.checked}
          total={standing.verifying.events}
        />
      ) : standing === undefined ? null : (
        <Ruler
          events={events}
          verified={standing.verified?.events ?? 0}
          signed={standing.checkpoint?.events ?? 0}
        />
      )}
    </>
  );
}

interface SentenceProps {
  readonly result: Awaited<ReturnType<typeof client.audit.verify>> | undefined;
  readonly pending: boolean;
  readonly events: number;
  readonly button: ReactNode;
}

function Sentence({ result, pending, events, button }: SentenceProps) {
  if (pending) return <Say sentence={text.say.checking} glyph="running" actions={button} />;
  if (result === undefined)
    return <Say sentence={text.say.unverified(formatCount(events))} actions={button} />;
  if (!result.ok) {
    return (
      <Say
        sentence={text.say.broken(formatCount(result.firstBad ?? 0))}
        tone="bad"
        glyph="failed"
        actions={button}
      >
        {text.brokenAbout}
      </Say>
    );
  }
  return (
    <Say sentence={text.say.whole(formatCount(result.events))} tone="proved" glyph="proved" actions={button}>
      <span className="dim">{text.root}</span> <Hash value={result.root} copy={text.root} />
      {result.index === "rebuilt" ? <> · {text.indexRebuilt}</> : null}
    </Say>
  );
}
