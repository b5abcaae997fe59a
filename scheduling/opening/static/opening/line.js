// Counts down, and looks again at the page's own pace; what is said stays while the line is down.
(function () {
  "use strict";
  var shown = Date.now(), due = 0, asking = false;

  function main() { return document.getElementById("line"); }

  function plan(seconds) { due = seconds ? Date.now() + seconds * 1000 : 0; }

  function say(text) {
    var said = document.getElementById("said");
    said.hidden = !text;
    said.textContent = text;
  }

  function show(text) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var fresh = page.getElementById("line"), old = main();
    if (!fresh) { return; }
    say("");
    var open = old.querySelector("details[open]");
    var held = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
    old.setAttribute("data-refresh", fresh.getAttribute("data-refresh"));
    old.setAttribute("data-kind", fresh.getAttribute("data-kind"));
    var heading = old.querySelector("h1"), words = fresh.querySelector("h1");
    if (heading.textContent !== words.textContent) {
      heading.textContent = words.textContent;
      document.getElementById("told").textContent = words.textContent;  // read out, once
    }
    document.title = page.title;
    while (heading.nextSibling) { heading.nextSibling.remove(); }
    while (words.nextSibling) { old.appendChild(words.nextSibling); }
    if (open) { var again = old.querySelector("details"); if (again) { again.open = true; } }
    if (held) {
      old.querySelectorAll("a").forEach(function (link) {
        if (link.getAttribute("href") === held) { link.focus(); }
      });
    }
    shown = Date.now();
    plan(Number(fresh.getAttribute("data-refresh")));
  }

  function look() {
    asking = true;
    fetch(main().getAttribute("data-page"), { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) { return answer.text(); })
      .then(show)
      .catch(function () { say(main().getAttribute("data-down")); plan(5); })
      .then(function () { asking = false; });
  }

  function tick() {
    document.querySelectorAll("[data-left]").forEach(function (clock) {
      var left = Math.max(0, Number(clock.getAttribute("data-left")) - Math.round((Date.now() - shown) / 1000));
      clock.textContent = Math.floor(left / 60) + ":" + ("0" + (left % 60)).slice(-2);
    });
    if (due && !asking && Date.now() >= due) { look(); }
  }

  plan(Number(main().getAttribute("data-refresh")));
  setInterval(tick, 500);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { look(); } });
})();
