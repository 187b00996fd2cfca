import "./zod-without-eval.ts";
import "./ui/tokens.css";
import "./ui/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { dropTokens } from "./app/place.ts";
import { loadFonts } from "./ui/fonts.ts";
import { followTheme } from "./ui/preferences.ts";

/** Longest wait for the two faces; they come from the local disk, so this is for a broken bundle. */
const fontPatienceMs = 250;

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
dropTokens();
followTheme((theme) => void window.sallyport?.setTheme(theme));
await loadFonts(fontPatienceMs);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
