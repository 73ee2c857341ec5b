'use client';

import { useState } from 'react';

type Tag = { tag: string; leads: number };

/** Chooses tags, shows how many leads they have, and makes a custom campaign of them. */
export function CampaignForm({ clientId, tags }: { clientId: string; tags: Tag[] }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [message, setMessage] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  async function submit() {
    const response = await fetch('/api/admin/campaigns/custom', {
      method: 'POST',
      body: JSON.stringify({ clientId, name, tags: chosen, messages: [{ text: message, delayHours: 0 }] }),
    });
    const answer = await response.json();
    setProblem(answer.success ? answer.data.warning : answer.error.message);
  }

  return (
    <form action={submit}>
      <input value={name} onChange={(event) => setName(event.target.value)} placeholder="Name" />
      <fieldset>
        {tags.map(({ tag, leads }) => (
          <label key={tag}>
            <input type="checkbox" checked={chosen.includes(tag)}
              onChange={() => setChosen(chosen.includes(tag) ? chosen.filter((one) => one !== tag) : [...chosen, tag])} />
            {tag} ({leads})
          </label>
        ))}
      </fieldset>
      <textarea value={message} onChange={(event) => setMessage(event.target.value)} />
      <button type="submit">Make the campaign</button>
      {problem && <p role="alert">{problem}</p>}
    </form>
  );
}
