import { useSearchParams } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Form, textOf } from '../ui/form.js';
import { SearchIcon } from '../ui/icons.js';

export function SearchForm() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const submit = (data: FormData) => {
    const q = textOf(data, 'q');
    setSearch((now) => {
      now.delete('q');
      if (q) now.set('q', q);
      return now;
    });
  };
  return (
    <Form submit={submit} role="search" className="search">
      <SearchIcon />
      <input
        name="q"
        type="search"
        maxLength={200}
        defaultValue={search.get('q') ?? ''}
        placeholder={t('browse.search')}
        aria-label={t('browse.search')}
      />
      <Button look="main" type="submit">
        {t('browse.searchButton')}
      </Button>
    </Form>
  );
}
