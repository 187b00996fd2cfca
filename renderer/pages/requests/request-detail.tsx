import { useQuery } from "@tanstack/react-query";
import { en } from "../../../shared/strings/en.ts";
import { Answer } from "../../app/answer.tsx";
import { errorCode, toFailure } from "../../app/failure.ts";
import { useSession } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Drawer } from "../../ui/drawer.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { Hash } from "../../ui/fact.tsx";
import { Fact, Facts } from "../../ui/facts.tsx";
import { formatBytes } from "../../ui/format.ts";
import { OutsideText } from "../../ui/outside-text.tsx";
import { Section } from "../../ui/section.tsx";
import { Status } from "../../ui/status.tsx";
import { BodyView } from "./body-view.tsx";
import { RequestLife } from "./request-life.tsx";
import { RequestState } from "./request-columns.tsx";

const text = en.requests.detail;

interface RequestDetailProps {
  readonly request: string;
  /** Who asked it, where two peers may use one id; else empty. */
  readonly peer: string;
  readonly onClose: () => void;
}

/** One request: its life across the gap, the answer, and what was asked. */
export function RequestDetail({ request, peer, onClose }: RequestDetailProps) {
  const one = peer === "" ? { request } : { request, peer };
  const { side } = useSession();
  const shown = useQuery(orpc.requests.show.queryOptions({ input: one }));
  return (
    <Drawer
      label={text.label(request)}
      title={
        <span className="fact">
          {request}
          <CopyButton text={request} what={en.requests.columns.request} />
        </span>
      }
      subtitle={shown.data === undefined ? null : <RequestState state={shown.data.state} side={side} />}
      onClose={onClose}
    >
      <Answer query={shown} what={text.label(request)}>
        {(data) => (
          <>
            <RequestLife steps={data.steps} peer={data.peer} />
            {data.state === "answered" ? <Response one={one} /> : null}
            <Section title={text.body} caption={text.bodyCaption(formatBytes(data.bodyBytes))} gap>
              <Facts>
                <Fact name={text.facts.kind}>
                  <OutsideText text={data.kind} />
                </Fact>
                <Fact name={text.facts.user}>
                  <OutsideText text={data.user} />
                </Fact>
                <Fact name={text.facts.sha256}>
                  <Hash value={data.sha256} copy={text.facts.sha256} />
                </Fact>
              </Facts>
              <BodyView body={data.body} name={`${request}.request.json`} label={text.body} />
            </Section>
          </>
        )}
      </Answer>
    </Drawer>
  );
}

function Response({ one }: { one: { readonly request: string; readonly peer?: string } }) {
  const response = useQuery(orpc.responses.get.queryOptions({ input: one }));
  const data = response.data;
  if (response.isError && errorCode(response.error) !== "not-found")
    return <ErrorState failure={toFailure(response.error, en.failed.read(text.responseFailed))} />;
  if (data === undefined) return null;
  return (
    <Section
      title={text.response}
      caption={text.bodyCaption(formatBytes(new TextEncoder().encode(data.body).length))}
      aside={<Status kind={data.status === "ok" ? "done" : "failed"}>{text.status[data.status]}</Status>}
      gap
    >
      <Facts>
        <Fact name={text.facts.sha256}>
          <Hash value={data.sha256} copy={text.facts.sha256} />
        </Fact>
      </Facts>
      <BodyView body={data.body} name={`${one.request}.response.json`} label={text.response} />
    </Section>
  );
}
