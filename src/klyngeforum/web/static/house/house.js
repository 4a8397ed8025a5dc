// Starts the design system's components; every address also works without this file.
document.documentElement.classList.remove("no-js");
document.addEventListener("DOMContentLoaded", () => {
  window.DKFDS?.init();
  // A filter form shows its result as soon as a choice is made.
  document.querySelectorAll("form[data-auto] select").forEach((select) => {
    select.addEventListener("change", () => select.form.requestSubmit());
  });
});
