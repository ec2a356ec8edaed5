// Drafts and unsent messages in IndexedDB: what a person wrote outlives the tab. Every record carries its scope
// (workspace and user), so that two people at one browser never meet each other's words.

export type StoreName = 'drafts' | 'outbox'

const version = 1

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('baraza', version)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('drafts', { keyPath: ['scope', 'conversation_id'] })
      request.result.createObjectStore('outbox', { keyPath: ['scope', 'client_id'] })
    }
    request.onsuccess = () => {
      // A newer version of the app in another tab may upgrade; this connection must not block it.
      request.result.onversionchange = () => request.result.close()
      resolve(request.result)
    }
    request.onerror = () => reject(request.error)
  })
}

/** One short transaction; it resolves when the browser says that it is on disk. */
async function transact<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(store, mode, mode === 'readwrite' ? { durability: 'strict' } : {})
      const request = work(transaction.objectStore(store))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}

function ofScope(scope: string): IDBKeyRange {
  return IDBKeyRange.bound([scope], [scope, []])
}

/** All records of a scope, ascending by the second part of their key. */
export function readAll<T>(store: StoreName, scope: string): Promise<T[]> {
  return transact(store, 'readonly', (records) => records.getAll(ofScope(scope)) as IDBRequest<T[]>)
}

export async function write(store: StoreName, record: { scope: string }): Promise<void> {
  await transact(store, 'readwrite', (records) => records.put(record))
}

export async function erase(store: StoreName, scope: string, key: string): Promise<void> {
  await transact(store, 'readwrite', (records) => records.delete([scope, key]))
}

export async function eraseAll(store: StoreName, scope: string): Promise<void> {
  await transact(store, 'readwrite', (records) => records.delete(ofScope(scope)))
}
