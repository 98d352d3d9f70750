import { createRoot } from "react-dom/client";
import "./style/index.css";
import { App } from "./app.tsx";
import { listenToKeys } from "./shell/commands.ts";
import { loadAbout } from "./state/about.ts";
import { followChanges } from "./state/live.ts";
import { applySettings } from "./state/settings.ts";

applySettings();
listenToKeys();
followChanges();
void loadAbout();

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
