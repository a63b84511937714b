// Runs once, when a store's folder is empty: the service's own user, who can touch nothing but its own database.
const service = process.env.MONGO_INITDB_DATABASE;
db.getSiblingDB(service).createUser({ user: service, pwd: process.env.STORE_PASSWORD, roles: [{ role: 'readWrite', db: service }] });
