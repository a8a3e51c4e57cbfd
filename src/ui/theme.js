// The theme and the key settings, before anything is painted: loaded in <head>, blocking, so no page flashes.
// SPDX-License-Identifier: Apache-2.0
(() => {
    const root = document.documentElement;
    const stored = (key) => {
        try {
            return localStorage.getItem(key);
        } catch {
            return null; // storage may be forbidden; the page then follows the system
        }
    };
    const store = (key, value) => {
        try {
            localStorage.setItem(key, value);
        } catch {
            // the choice holds for this page only
        }
    };
    const apply = (theme) => {
        if (theme === "light" || theme === "dark") root.dataset.theme = theme;
        else delete root.dataset.theme;
    };

    root.classList.add("js");
    apply(stored("docgen-theme"));

    document.addEventListener("DOMContentLoaded", () => {
        const theme = stored("docgen-theme") || "auto";
        for (const radio of document.querySelectorAll('input[name="dg-theme"]')) {
            radio.checked = radio.value === theme;
            radio.addEventListener("change", () => {
                store("docgen-theme", radio.value);
                apply(radio.value);
            });
        }
        const slash = document.querySelector('input[name="dg-slash"]');
        if (slash) {
            slash.checked = stored("docgen-slash") !== "off";
            slash.addEventListener("change", () => store("docgen-slash", slash.checked ? "on" : "off"));
        }
        const settings = document.querySelector("details.settings");
        document.addEventListener("click", (event) => {
            if (settings && settings.open && !settings.contains(event.target)) settings.open = false;
        });
        document.addEventListener("keydown", (event) => {
            if (event.key === "Escape" && settings && settings.open) {
                settings.open = false;
                settings.querySelector("summary").focus();
            }
        });
    });
    // Another tab of this site changed the theme.
    addEventListener("storage", (event) => {
        if (event.key === "docgen-theme") apply(event.newValue);
    });
})();
