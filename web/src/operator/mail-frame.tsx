import { useEffect, useRef } from 'react';

/**
 * HTML of a mail as its readers see it. Its inline styles are against the policy of this page, so it is shown in a sandboxed
 * frame with a policy of its own, which is sent the text.
 */
export function MailFrame({ html, title }: { html: string; title: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  // The origin of a sandboxed frame has no name that it could be addressed by.
  const send = () => frame.current?.contentWindow?.postMessage(html, '*');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another mail is sent to the frame that is there
  useEffect(() => {
    send();
  }, [html]);
  return (
    <iframe
      ref={frame}
      className="mail-frame"
      title={title}
      src="/mail-frame.html"
      sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"
      onLoad={send}
    />
  );
}
