// Shows one of pages in the frame, and turns to another when a link in it asks.
const frame = document.querySelector("iframe");
const inside = "<script>addEventListener('click',e=>{const a=e.target.closest('a[href]');if(a&&!a.getAttribute('href').startsWith('#')){e.preventDefault();parent.postMessage({page:a.getAttribute('href')},'*')}},true)<\/script>";
function turn(name) {
  if (!pages[name]) return;
  frame.srcdoc = pages[name] + inside;
  for (const b of document.querySelectorAll("button")) b.setAttribute("aria-pressed", b.dataset.page === name);
}
for (const b of document.querySelectorAll("button")) b.onclick = () => turn(b.dataset.page);
addEventListener("message", e => {
  if (e.source === frame.contentWindow) turn(String(e.data.page).replace(/^\.?\//, "").split("?")[0]);
});
turn(document.querySelector("button").dataset.page);
