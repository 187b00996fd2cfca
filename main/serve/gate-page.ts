/**
 * The only page that a stranger to the session sees: it hands the token of the address's fragment over and makes room for the
 * console. A fragment never reaches a server log, a proxy or a Referer.
 */
export const gateHtml = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Sallyport</title>
    <link rel="icon" href="/mark.svg">
    <link rel="stylesheet" href="/gate.css">
    <script type="module" src="/gate.js"></script>
  </head>
  <body>
    <main>
      <h1>Sallyport</h1>
      <p id="say" role="status">Opening…</p>
    </main>
  </body>
</html>
`;

export const gateCss = `:root { color-scheme: dark light; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; }
main { max-width: 34rem; padding: 2rem; }
h1 { font-size: 1.1rem; }
`;

export const gateScript = `const say = document.getElementById("say");
const token = new URLSearchParams(location.hash.slice(1)).get("t");
history.replaceState(null, "", "/");
const sentences = {
  403: "This address has been used, or is too old. Press Enter in the terminal that runs Sallyport for a new one, or run 'sallyport serve' there again.",
  429: "Too many wrong addresses were tried. Wait a minute, then ask the terminal for a new one.",
};
if (token === null) {
  say.textContent = "This page opens with the one-time address that the terminal printed. Press Enter there for a new one.";
} else {
  try {
    const answer = await fetch("/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
    });
    if (answer.ok) location.replace("/");
    else say.textContent = sentences[answer.status] ?? "It did not open (" + answer.status + ").";
  } catch {
    say.textContent = "Sallyport does not answer any more. Start it again in its terminal.";
  }
}
`;
