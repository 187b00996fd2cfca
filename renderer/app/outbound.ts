/**
 * Counts requests of this page to any other machine, as the browser itself recorded them. Policy allows none,
 * so anything but 0 is a fault to be seen.
 */
export function countOutbound(entries: readonly { readonly name: string }[], ownHost: string): number {
  return entries.filter((entry) => {
    const address = URL.canParse(entry.name) ? new URL(entry.name) : null;
    return address !== null && /^(https?|wss?):$/.test(address.protocol) && address.host !== ownHost;
  }).length;
}
