// Shows the HTML of a mail that the page around this frame sends. The frame is sandboxed, its policy runs no script of a mail,
// and what is parsed here never runs one either; links open in a window of their own.
addEventListener('message', ({ source, data }) => {
  if (source !== parent || typeof data !== 'string') return;
  const mail = new DOMParser().parseFromString(data, 'text/html');
  for (const link of mail.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener';
  }
  document.documentElement.lang = mail.documentElement.lang;
  document.body.replaceWith(document.adoptNode(mail.body));
});
