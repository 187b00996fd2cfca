import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { en } from "../../../shared/strings/en.ts";
import { useRefusal } from "../../app/session.ts";
import { orpc } from "../../rpc.ts";
import { Button } from "../../ui/button.tsx";
import { formatCount } from "../../ui/format.ts";
import { Section } from "../../ui/section.tsx";
import { LinesDialog } from "./lines-dialog.tsx";

const text = en.requests.documents;

/** The documents that the handler `search` finds in; only a response station has them. */
export function DocumentsSection() {
  const [loading, setLoading] = useState(false);
  const role = useRefusal("documents.manage");
  const count = useQuery(orpc.documents.count.queryOptions({ input: {} })).data?.total;
  return (
    <Section
      title={text.title}
      gap
      aside={
        <Button small notYet={role} onClick={() => setLoading(true)}>
          {text.load}
        </Button>
      }
    >
      <p className="small second">{count === undefined ? en.ui.loading : text.count(formatCount(count))}</p>
      <LinesDialog what="documents" open={loading} onClose={() => setLoading(false)} />
    </Section>
  );
}
