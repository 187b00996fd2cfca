import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { en } from "../../shared/strings/en.ts";
import { orpc } from "../rpc.ts";
import { Banner } from "../ui/banner.tsx";

const page = "/station/backup";

/** On every page after a restore, until the review was finished; not on the page of the review itself. */
export function RestoredBanner() {
  const [path] = useLocation();
  const needs = useQuery(orpc.watch.summary.queryOptions({ input: {} })).data?.needs ?? [];
  if (path === page || !needs.some(({ kind }) => kind === "restore")) return null;
  return (
    <Banner
      action={
        <Link href={page} className="under">
          {en.backup.banner.look}
        </Link>
      }
    >
      {en.backup.banner.text}
    </Banner>
  );
}
