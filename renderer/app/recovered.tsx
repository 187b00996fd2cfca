import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { en } from "../../shared/strings/en.ts";
import { orpc } from "../rpc.ts";
import { Banner } from "../ui/banner.tsx";

const text = en.recovery.banner;

/** The opening by recovery shares that nobody has reviewed yet; null when there is none. */
export function useRecovered(): { readonly operator: string; readonly at: string } | null {
  return useQuery(orpc.session.state.queryOptions({ input: {} })).data?.recovered ?? null;
}

/** On every page of every window until it was reviewed. `shut`: nobody is signed in, so nobody can here. */
export function RecoveredBanner({ shut = false }: { shut?: boolean }) {
  const recovered = useRecovered();
  if (recovered === null) return null;
  return (
    <Banner
      action={
        shut ? null : (
          <Link href="/people/recovery" className="under">
            {text.look}
          </Link>
        )
      }
    >
      {text.text(recovered.operator)} {shut ? text.shut : null}
    </Banner>
  );
}
