/* Ties the passkey functions of django-allauth to the forms that name one of them.
   Without scripts, or in a browser without passkeys, these forms stay hidden. */
(function () {
  "use strict";
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("form[data-passkey]").forEach(function (form) {
    const ids = {
      credential: form.elements.namedItem("credential").id,
      passwordless: "id_passwordless",
    };
    if (document.getElementById("js_data")) ids.data = "js_data";
    for (const name of ["login", "add", "authenticate"]) ids[name] = "passkey_button";
    window.allauth.webauthn.forms[form.dataset.passkey]({ ids: ids });
    form.hidden = false;
  });
  document.querySelectorAll(".needs-passkeys").forEach(function (note) {
    note.hidden = true;
  });
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    document.querySelectorAll(".passkey-failure").forEach(function (text) {
      text.hidden = false;
    });
  });
})();
